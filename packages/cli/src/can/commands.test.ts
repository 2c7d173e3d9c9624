import path from "node:path";
import { describe, expect, test } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { run } from "../main.ts";
import { formatYaml } from "../text/yaml.ts";

const shop = path.resolve(import.meta.dirname, "../../../../examples/three-tier-shop");

async function portcullis(args: readonly string[], stdin = "") {
  const io = new MemoryIo(stdin);
  const code = await run(args, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}
const inShop = (...args: string[]) => portcullis([...args, "-f", shop]);

test.each([["who-can"], ["explain"], ["exposure"], ["who-can", "reach"], ["who-can", "be-reached-from"]])(
  "%s %s --help begins with examples and fits on a page",
  async (...command) => {
    const { code, stdout } = await portcullis([...command.filter(Boolean), "--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^Examples:\n  portcullis ${command[0]}`));
    for (const line of stdout.split("\n")) expect(line.length, line).toBeLessThanOrEqual(100);
  },
);

describe("usage errors end with code 2 and say what to write", () => {
  test.each([
    [["who-can", "reach", "data/db"], "has no port"],
    [["who-can", "reach", "data/dbb:5432"], "Did you mean db?"],
    [["who-can", "be-reached-from", "web/[app=none]"], "selects no pod"],
    [["who-can", "raech", "data/db:5432"], "Did you mean reach?"],
    [["explain"], "--all"],
    [["explain", "web/frontend", "--all"], "--all"],
    [["explain", "192.0.2.1"], "no pod has this address"],
    [["exposure", "web/fronted"], "Did you mean frontend?"],
    [["exposure", "--ingress-controller", "192.0.2.1"], "names no pods"],
  ])("%j: %s", async (args, words) => {
    const { code, stdout, stderr } = await inShop(...args);
    expect(stderr).toContain(words);
    expect([code, stdout]).toEqual([2, ""]);
  });
});

test.each([
  ["who-can", "reach", "data/db:5432"],
  ["who-can", "be-reached-from", "kube-system/coredns", "--pods"],
  ["explain", "web/frontend"],
  ["explain", "--all"],
  ["exposure"],
  ["can", "*/[]", "--to", "data/db:1-65535"],
])("%s %s %s: json and yaml say the same, and the code is that of the text", async (...args) => {
  const [text, json, yaml] = await Promise.all([
    inShop(...args),
    inShop(...args, "-o", "json"),
    inShop(...args, "-o", "yaml"),
  ]);
  expect(yaml.stdout).toBe(formatYaml(JSON.parse(json.stdout)));
  expect([json.code, yaml.code]).toEqual([text.code, text.code]);
  expect(text.stdout.length).toBeGreaterThan(100);
});

test("explain: a list when there are several, one object when there is one", async () => {
  const all = JSON.parse((await inShop("explain", "--all", "-o", "json")).stdout) as unknown[];
  expect(all).toHaveLength(8);
  const one = JSON.parse((await inShop("explain", "web/frontend", "-o", "json")).stdout) as { kind: string };
  expect(all).toContainEqual(one);
  const markdown = (await inShop("explain", "--all", "-o", "md")).stdout;
  expect(markdown.match(/^## /gm)).toHaveLength(8);
});

test("exposure: tables on stdout, Ingress backends beside them on stderr", async () => {
  const ingress = JSON.stringify({
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "orders", namespace: "api" },
    spec: { defaultBackend: { service: { name: "orders", port: { number: 80 } } } },
  });
  const args = ["exposure", "-f", shop, "-f", "-", "--ingress-controller", "x/[app=nginx,!old,tier]"];
  const csv = await portcullis([...args, "-o", "csv"], ingress);
  expect(csv.stdout).toMatch(/^direction,workload,isolation,open_to,ports,by,also_in\n/);
  expect(csv.stderr).toContain("blocked   api/orders default → Service api/orders:80");
  const json = JSON.parse((await portcullis([...args, "-o", "json"], ingress)).stdout) as {
    ingresses: unknown[];
  };
  expect(json.ingresses).toMatchObject([{ ingress: "api/orders", state: "blocked", pods: [{ port: 3000 }] }]);
});

test("a workload that is split: each part is told apart, and by its live pods' owner", async () => {
  const pod = (name: string, slot: string) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "a",
      labels: { app: "web", "pod-template-hash": "7c9f", slot },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-7c9f", uid: "u", controller: true },
      ],
    },
    spec: { containers: [{ name: "c", image: "i" }] },
    status: { phase: "Running", podIPs: [{ ip: `10.0.0.${slot}` }] },
  });
  const policy = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "one", namespace: "a" },
    spec: {
      podSelector: { matchLabels: { slot: "1" } },
      ingress: [{ from: [{ ipBlock: { cidr: "10.0.0.2/31" } }] }],
    },
  };
  const list = JSON.stringify({
    apiVersion: "v1",
    kind: "List",
    items: [pod("web-1", "1"), pod("web-2", "2"), policy],
  });
  const ask = (...args: string[]) => portcullis([...args, "-f", "-"], list);
  const explained = await ask("explain", "a/deploy/web", "-o", "json");
  expect(JSON.parse(explained.stdout)).toMatchObject([
    { workload: { kind: "Deployment", name: "web", pods: ["web-1"], whole: false } },
    { workload: { kind: "Deployment", name: "web", pods: ["web-2"], whole: false } },
  ]);
  const reached = await ask("who-can", "reach", "a/web-1:80");
  expect(reached.stdout).toContain("a/Deployment/web[web-2]   TCP 80");
  const parts = await ask("can", "10.0.0.0/29", "--to", "a/web-1:80");
  expect(parts.code).toBe(1);
  expect(parts.stdout.split("\n").slice(1, 5)).toEqual([
    "  denied    10.0.0.0, 10.0.0.4/30 → a/web-1 on TCP 80",
    "  allowed   a/web-1 → a/web-1 on TCP 80",
    "  allowed   a/web-2 → a/web-1 on TCP 80",
    "  allowed   10.0.0.3 → a/web-1 on TCP 80",
  ]);
});

test("an object with an error is left out, and the code is 2", async () => {
  const broken =
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: bad}\nspec: {podSelectr: {}}\n";
  for (const args of [
    ["who-can", "reach", "data/db:5432"],
    ["who-can", "be-reached-from", "data/db"],
    ["explain", "data/db"],
    ["exposure"],
  ]) {
    const { code, stdout, stderr } = await portcullis([...args, "-f", shop, "-f", "-"], broken);
    expect(code).toBe(2);
    expect(stdout).not.toBe("");
    expect(stderr).toContain('unknown field "spec.podSelectr"');
  }
});
