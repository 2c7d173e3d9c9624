import type { KubeObject } from "@portcullis/kube";
import type { SandboxInfo } from "@portcullis/sandbox";
import { podAddresses } from "../resources/pod-row.ts";

/**
 * Commands that make sense with these pods, ready to be copied, each with what it does. `self` is how to call us,
 * `sandbox` the sandbox's name, `kubeconfig` the way to it for kubectl.
 */
export function nextCommands(
  self: string,
  { name, kubeconfig }: Pick<SandboxInfo, "name" | "kubeconfig">,
  pods: readonly KubeObject[],
): readonly (readonly [string, string])[] {
  const option = name === "default" ? "" : ` --name ${name}`;
  const call = (command: string) => `${self} ${command}${option}`;
  const kubectl: readonly (readonly [string, string])[] = [
    [`export KUBECONFIG=${shellWord(kubeconfig)}`, "kubectl, k9s and the like work on it then"],
  ];
  const [first, second] = [...pods].sort((a, b) => (title(a) < title(b) ? -1 : 1));
  if (first === undefined) {
    return [
      ...kubectl,
      ["kubectl run frontend --image=nginx", "run a pod"],
      [call("down"), "stop it from there"],
    ];
  }
  const other = second ?? first;
  const port = firstPort(other);
  return [
    ...kubectl,
    ["kubectl get all -o wide", "what runs, with addresses"],
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

/** The text as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
