import type { KubeObject } from "@portcullis/kube";
import { podAddresses } from "../resources/pod-row.ts";

/**
 * Commands that make sense with these pods, ready to be copied, each with what it does. `self` is how to call us,
 * `sandbox` the sandbox's name.
 */
export function nextCommands(
  self: string,
  sandbox: string,
  pods: readonly KubeObject[],
): readonly (readonly [string, string])[] {
  const option = sandbox === "default" ? "" : ` --name ${sandbox}`;
  const call = (command: string) => `${self} ${command}${option}`;
  const [first, second] = [...pods].sort((a, b) => (title(a) < title(b) ? -1 : 1));
  if (first === undefined) {
    return [
      [call("apply -f examples/tutorial/frontend.yaml"), "run a pod"],
      [call("get all -A -o wide"), "what runs, with addresses"],
      [call("down"), "stop it from there"],
    ];
  }
  const other = second ?? first;
  const port = firstPort(other);
  return [
    [call("get all -A -o wide"), "what runs, with addresses"],
    [call(`can ${title(first)} --to ${title(other)}:${port}`), "may it connect, and why (not)"],
    [
      `${self} exec${option} ${title(first)} -- curl -m 2 ${url(podAddresses(other)[0] ?? other.metadata.name, port)}`,
      "try it",
    ],
    [call("apply -f examples/tutorial/default-deny.yaml"), "close every gate"],
    [call("down"), "stop it from there"],
  ];
}

function title({ metadata: { namespace, name } }: KubeObject): string {
  return namespace === undefined || namespace === "default" ? name : `${namespace}/${name}`;
}

function firstPort(pod: KubeObject): number {
  const spec = pod.spec as { containers?: { ports?: { containerPort?: number }[] }[] } | undefined;
  return spec?.containers?.flatMap(({ ports }) => ports ?? [])[0]?.containerPort ?? 80;
}

function url(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
