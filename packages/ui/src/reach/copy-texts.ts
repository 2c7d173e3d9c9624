import type { VerdictJson } from "@portcullis/engine";

/** The question of a verdict for the command line. */
export function commandOf({ source, destination, protocol, port }: VerdictJson): string {
  return `portcullis can ${nameOf(source)} --to ${nameOf(destination)}:${portOf(protocol, port)} -f .`;
}

/** What a verdict says now, as a promise that `portcullis test` keeps; docs/assertions.md has the form. */
export function assertionOf({ allowed, source, destination, protocol, port }: VerdictJson): string {
  return `apiVersion: portcullis.dev/v1alpha1
kind: Assertions
assertions:
  - from: ${nameOf(source)}
    to: ${nameOf(destination)}
    port: ${portOf(protocol, port)}
    expect: ${allowed ? "allow" : "deny"}
`;
}

function nameOf({ pod, address }: VerdictJson["source"]): string {
  return pod ?? address ?? "";
}

function portOf(protocol: VerdictJson["protocol"], port: number): string {
  if (protocol === "ICMP") return "icmp";
  return protocol === "TCP" ? String(port) : `${port}/${protocol.toLowerCase()}`;
}
