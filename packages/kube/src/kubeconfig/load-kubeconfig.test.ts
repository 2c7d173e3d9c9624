import { delimiter } from "node:path";
import { afterAll, expect, it } from "vitest";
import { chooseContext } from "./choose-context.ts";
import { clientFor } from "./client-for.ts";
import { oneContext, Scratch } from "./kubeconfig.testing.ts";
import { loadKubeconfig } from "./load-kubeconfig.ts";

const scratch = new Scratch();
afterAll(() => scratch.remove());

const entry = (name: string, server: string) => ({
  clusters: [{ name, cluster: { server } }],
  users: [{ name, user: {} }],
  contexts: [{ name, context: { cluster: name, user: name } }],
});

it("merges the files of KUBECONFIG: the first that says something counts; missing ones are empty", () => {
  const files = [
    scratch.path("missing"),
    scratch.write("empty", ""),
    scratch.write("one", JSON.stringify(entry("a", "https://one"))),
    scratch.write("two", JSON.stringify({ ...entry("a", "https://two"), "current-context": "b" })),
    scratch.write("three", JSON.stringify({ ...entry("b", "https://three"), "current-context": "a" })),
  ];
  const config = loadKubeconfig({ env: { KUBECONFIG: ["", ...files].join(delimiter) } });
  expect(config.currentContext).toBe("b");
  expect([...config.contexts.keys()].sort()).toEqual(["a", "b"]);
  expect(chooseContext(config, "a").cluster.fields.server).toBe("https://one");
  expect(chooseContext(config).cluster).toMatchObject({ file: scratch.path("three") });
});

it("takes the home directory's without KUBECONFIG, and the named one before both", () => {
  const file = scratch.write("named", oneContext({}));
  expect(loadKubeconfig({ env: { HOME: scratch.directory } }).contexts.size).toBe(0);
  expect(loadKubeconfig({ kubeconfig: file, env: { KUBECONFIG: "x" } }).currentContext).toBe("c");
  expect(() => loadKubeconfig({ kubeconfig: scratch.path("none") })).toThrow("none: no such file");
});

it.each([
  ["a: b: c", "cannot be read as a kubeconfig"],
  ["- 1", "is no kubeconfig"],
  ["clusters: x", "its clusters are no list"],
  ["users: [{user: {}}]", "users[0] has no name"],
  ["current-context: {}", "current-context is no text"],
])("%j: %s", (text, words) => {
  const kubeconfig = scratch.write("wrong", text);
  expect(() => loadKubeconfig({ kubeconfig })).toThrow(words);
});

it("a context has to be there, with its cluster and user", () => {
  const kubeconfig = scratch.write("broken", oneContext({ context: { cluster: "x" } }));
  expect(() => clientFor({ kubeconfig })).toThrow('context "c" has no cluster "x"');
  expect(() => clientFor({ kubeconfig, context: "d" })).toThrow('there is no context "d"');
  const nobody = scratch.write("nobody", oneContext({ context: { user: "x" } }));
  expect(() => clientFor({ kubeconfig: nobody })).toThrow('context "c" has no user "x"');
  const none = scratch.write("none-current", oneContext({}).replace('"current-context":"c"', '"x":"c"'));
  expect(() => clientFor({ kubeconfig: none })).toThrow("no current context is set");
});

it("a pod without a kubeconfig speaks to its own cluster", () => {
  scratch.write("token", "t");
  scratch.write("namespace", "shop");
  const env = {
    HOME: scratch.path("home"),
    KUBERNETES_SERVICE_HOST: "fd00::1",
    KUBERNETES_SERVICE_PORT: "443",
  };
  const serviceAccountDirectory = scratch.directory;
  const found = clientFor({ env, serviceAccountDirectory });
  found.client.close();
  expect(found).toMatchObject({ server: "https://[fd00::1]:443", namespace: "shop", context: undefined });
  const elsewhere = { env: { HOME: env.HOME }, serviceAccountDirectory };
  expect(() => clientFor(elsewhere)).toThrow("this is no pod of a cluster");
});
