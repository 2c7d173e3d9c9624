import { afterAll, expect, it } from "vitest";
import { chooseContext } from "./choose-context.ts";
import { contextEndpoint } from "./context-endpoint.ts";
import { Scratch } from "./kubeconfig.testing.ts";
import { loadKubeconfig } from "./load-kubeconfig.ts";

const scratch = new Scratch();
afterAll(() => scratch.remove());

const pem = (name: string) => `-----BEGIN ${name}-----\nAAAA\n-----END ${name}-----\n`;

// What `kubectl config set-cluster`, `set-credentials`, `set-context` and `use-context` of 1.36 leave in a file.
const written = `apiVersion: v1
clusters:
- cluster:
    insecure-skip-tls-verify: true
    proxy-url: http://proxy:3128
    server: https://10.0.0.3
  name: behind
- cluster:
    certificate-authority-data: ${Buffer.from(pem("CA")).toString("base64")}
    server: https://10.0.0.2:6443
  name: embedded
- cluster:
    certificate-authority: cert.pem
    server: https://10.0.0.1:6443
    tls-server-name: api.prod
  name: prod
contexts:
- context:
    cluster: behind
    user: ci
  name: behind
- context:
    cluster: embedded
    user: ci
  name: ci
- context:
    cluster: prod
    namespace: shop
    user: jane
  name: prod
- context:
    cluster: prod
    user: sso
  name: sso
current-context: prod
kind: Config
users:
- name: ci
  user:
    token: secret
- name: jane
  user:
    client-certificate: cert.pem
    client-key: key.pem
- name: sso
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      args:
      - --cluster
      - prod
      command: login
      env:
      - name: MODE
        value: quiet
      interactiveMode: Never
      provideClusterInfo: false
`;

const kubeconfig = scratch.write("config", written);
scratch.write("cert.pem", pem("CERTIFICATE"));
scratch.write("key.pem", pem("KEY"));
const endpoint = (context?: string) =>
  contextEndpoint(chooseContext(loadKubeconfig({ kubeconfig }), context));

it("certificates in files, and a name for the server", () => {
  expect(chooseContext(loadKubeconfig({ kubeconfig }))).toMatchObject({ name: "prod", namespace: "shop" });
  expect(endpoint()).toEqual({
    url: "https://10.0.0.1:6443",
    serverName: "api.prod",
    ca: pem("CERTIFICATE"),
    cert: pem("CERTIFICATE"),
    key: pem("KEY"),
  });
});

it("an embedded certificate, and a token", () => {
  expect(endpoint("ci")).toEqual({ url: "https://10.0.0.2:6443", ca: pem("CA"), token: "secret" });
});

it("a program, and a proxy", () => {
  expect(endpoint("sso")).toMatchObject({ credentials: { get: expect.any(Function) } });
  expect(() => endpoint("behind")).toThrow('cluster "behind" is behind the proxy http://proxy:3128');
});
