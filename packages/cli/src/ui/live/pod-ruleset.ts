import { type Cluster, parseAddress } from "@portcullis/engine";
import type { SandboxHandle } from "@portcullis/sandbox";
import type { PodRuleset } from "@portcullis/ui/server-api";
import { ApiProblem } from "../ui-server.ts";

/** Of the ranges that documentation may use (RFC 5737, RFC 3849): nobody's. */
const strangers = { 4: "192.0.2.1", 6: "2001:db8::1" } as const;

/** The chains that a pod's packets meet, out and in, as the kernel lists them. */
export async function podRuleset(
  sandbox: Pick<SandboxHandle, "inspect">,
  cluster: Cluster,
  key: string,
): Promise<PodRuleset> {
  const [namespace, name = ""] = key.split("/");
  const pod = cluster.get("Pod", namespace, name);
  if (pod === undefined) throw new ApiProblem(404, `there is no pod ${key}`);
  const address = pod.addresses[0]?.text;
  if (address === undefined) throw new ApiProblem(409, `${key} has no address yet`);
  const stranger = strangers[parseAddress(address)?.family ?? 4];
  const ways = [
    { title: "out of it", source: address, destination: stranger },
    { title: "into it", source: stranger, destination: address },
  ];
  const chains = await Promise.all(
    ways.map(async ({ title, ...flow }) => {
      const seen = await sandbox.inspect({ ...flow, protocol: "TCP", port: 80 });
      return seen.chains.map((chain) => ({ title: `${title}: ${chain.name}`, text: chain.rules.join("\n") }));
    }),
  );
  return { pod: key, chains: chains.flat() };
}
