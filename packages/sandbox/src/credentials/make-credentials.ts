import { clusterNetwork } from "../cluster-network.ts";
import type { KeyPair } from "./certificate-authority.ts";

/** What a sandbox and its user show each other. */
export interface Credentials {
  /** PEM. */
  readonly ca: string;
  readonly server: KeyPair;
}

const serverNames = [
  "localhost",
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

/** Where the API of a sandbox is reached: on the host's loopback, and inside at the Service `kubernetes` and the node. */
function serverAddresses(): readonly string[] {
  const { nodeAddresses, apiServiceAddresses } = clusterNetwork;
  return ["127.0.0.1", "::1", ...apiServiceAddresses, ...nodeAddresses];
}

/** A certificate authority of the sandbox's own, and what it says about the API server. */
export async function makeCredentials(): Promise<Credentials> {
  const { CertificateAuthority } = await import("./certificate-authority.ts");
  const authority = await CertificateAuthority.make("portcullis-ca");
  const server = await authority.issue({
    commonName: "kube-apiserver",
    hosts: [...serverNames, ...serverAddresses()],
  });
  return { ca: authority.cert, server };
}
