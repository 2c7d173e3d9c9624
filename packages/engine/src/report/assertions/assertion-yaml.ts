import type { RecordedAssertion } from "../../assert/gathered.ts";
import type { Recording } from "../../assert/record.ts";
import type { RecordedPeer } from "../../assert/recorded-peer.ts";
import { yamlScalarText } from "../text/yaml-scalar-text.ts";

/** A recording as a file of assertions: YAML that `readAssertions` reads back. */
export function assertionYaml({ assertions, unnamed }: Recording): string {
  return [
    "# What the policies allow and deny, as portcullis test --init found it. Keep what is meant to be so, delete the rest.",
    ...unnamed.map((name) => `# Not recorded, because no name means it alone: ${name}`),
    "apiVersion: portcullis.dev/v1alpha1",
    "kind: Assertions",
    assertions.length === 0 ? "assertions: []" : "assertions:",
    ...assertions.flatMap(itemLines),
    "",
  ].join("\n");
}

function itemLines({ from, to, ports, expect, why }: RecordedAssertion): readonly string[] {
  return [
    ...sideLines("- from", from),
    ...sideLines("  to", to),
    `    ports: ${ports.length === 1 ? port(ports[0]!) : `[${ports.map(port).join(", ")}]`}`,
    `    expect: ${expect}`,
    `    why: ${yamlScalarText(why)}`,
  ];
}

function sideLines(key: string, peers: readonly RecordedPeer[]): readonly string[] {
  const [only] = peers;
  if (peers.length === 1 && typeof only === "string") return [`  ${key}: ${scalar(only)}`];
  return [`  ${key}:`, ...peers.map((peer) => `      - ${peerText(peer)}`)];
}

function peerText(peer: RecordedPeer): string {
  if (typeof peer === "string") return scalar(peer);
  return `ipBlock: { cidr: ${scalar(peer.cidr)}, except: [${peer.except.map(scalar).join(", ")}] }`;
}

/** Addresses have colons, which mean something else to some readers. */
const scalar = (text: string): string =>
  /^[a-z][-a-z0-9./]*$/.test(text) ? yamlScalarText(text) : JSON.stringify(text);

const port = (text: string): string => (/^\d+$/.test(text) ? text : scalar(text));
