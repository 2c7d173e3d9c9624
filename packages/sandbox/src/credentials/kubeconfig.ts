/** What a kubeconfig of one cluster is made of. */
export interface KubeconfigFacts {
  /** Name of the sandbox. */
  readonly sandbox: string;
  readonly server: string;
  /** PEM. */
  readonly ca: string;
  readonly token: string;
}

/** Of the context, the cluster and the user. */
function contextName(sandbox: string): string {
  return sandbox === "default" ? "portcullis" : `portcullis-${sandbox}`;
}

/**
 * A kubeconfig (client-go, clientcmd/api/v1 Config) as YAML; every value is a plain scalar. The context's extension tells
 * it from a user's own of the same name.
 */
export function kubeconfigText({ sandbox, server, ca, token }: KubeconfigFacts): string {
  const name = contextName(sandbox);
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
    extensions:
    - name: portcullis
      extension:
        sandbox: ${sandbox}
users:
- name: ${name}
  user:
    token: ${token}
`;
}
