/** What a kubeconfig of one cluster is made of. */
export interface KubeconfigFacts {
  /** Of the context, the cluster and the user. */
  readonly name: string;
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly token: string;
}

/** The context of a sandbox. */
export function contextName(sandbox: string): string {
  return sandbox === "default" ? "portcullis" : `portcullis-${sandbox}`;
}

/** A kubeconfig (client-go, clientcmd/api/v1 Config) as YAML; every value is a plain scalar. */
export function kubeconfigText({ name, server, ca, token }: KubeconfigFacts): string {
  return `apiVersion: v1
kind: Config
current-context: ${name}
clusters:
- name: ${name}
  cluster:
    certificate-authority-data: ${Buffer.from(ca).toString("base64")}
    server: ${server}
contexts:
- name: ${name}
  context:
    cluster: ${name}
    user: ${name}
users:
- name: ${name}
  user:
    token: ${token}
`;
}
