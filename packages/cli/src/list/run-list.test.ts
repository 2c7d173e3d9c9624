import { afterEach, describe, expect, test, vi } from "vitest";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { type ListCommandOptions, runList } from "./run-list.ts";

const deployment = (namespace: string, app: string, replicas = 1) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${app}, namespace: ${namespace}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${app}}}
  template:
    metadata: {labels: {app: ${app}}}
    spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
---`;

const cluster = `${deployment("shop", "web", 2)}${deployment("shop", "db")}${deployment("tools", "job")}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress:
  - from: [{podSelector: {matchLabels: {app: web}}}]
    ports: [{port: 5432}, {port: http}]
  - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
    ports: [{port: 5432}]
---
apiVersion: v1
kind: Service
metadata: {name: database, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 5432}]}
`;

async function list(options: Partial<ListCommandOptions> = {}, manifest = cluster) {
  const io = new MemoryIo(manifest);
  const code = await runList({ filename: ["-"], name: "default", output: "csv", ...options }, io);
  const lines = io.stdout.split("\n").slice(1, -1);
  return { code, lines, stdout: io.stdout, stderr: io.stderr };
}

const db = "shop/Deployment/db";
const web = "shop/Deployment/web";
const job = "tools/Deployment/job";

describe("what is listed", () => {
  test("everything", async () => {
    const { code, lines } = await list();
    expect(code).toBe(0);
    expect(lines).toEqual([
      `${web},${db},"TCP 5432,8080"`,
      `10.0.0.0/8 except 10.1.0.0/16,${db},TCP 5432`,
      `${web},${web},all ports`,
      `${job},${web},all ports`,
      `outside,${web},all ports`,
      `${web},${job},all ports`,
      `outside,${job},all ports`,
      `${web},outside,all ports`,
      `${job},outside,all ports`,
    ]);
  });

  test("for people, with words for everyone", async () => {
    const { stdout, stderr } = await list({ output: "text" });
    expect(stdout).toBe(`SOURCE                          DESTINATION            PORTS
shop/Deployment/web             shop/Deployment/db     TCP 5432,8080
10.0.0.0/8 except 10.1.0.0/16   shop/Deployment/db     TCP 5432
shop/Deployment/web             shop/Deployment/web    all ports
tools/Deployment/job            shop/Deployment/web    all ports
outside                         shop/Deployment/web    all ports
shop/Deployment/web             tools/Deployment/job   all ports
outside                         tools/Deployment/job   all ports
shop/Deployment/web             outside                all ports
tools/Deployment/job            outside                all ports
`);
    expect(stderr).toContain("9 connections between 3 workloads and the outside\n");
    const open = await list(
      { output: "text" },
      deployment("a", "x") + deployment("a", "w") + deployment("a", "z"),
    );
    expect(open.stdout).toBe(`SOURCE           DESTINATION      PORTS
anyone           a/Deployment/w   all ports
anyone           a/Deployment/x   all ports
anyone           a/Deployment/z   all ports
every workload   outside          all ports
`);
    expect(open.stderr).toContain("12 connections between 3 workloads");
  });

  test("wide tells who isolates, and every connection", async () => {
    const { stdout } = await list({ output: "wide", focus: ["db"], direction: "ingress" });
    expect(
      stdout,
    ).toBe(`SOURCE                          PODS   DESTINATION          PODS   PORTS           EGRESS-POLICIES   INGRESS-POLICIES
shop/Deployment/web             2      shop/Deployment/db   1      TCP 5432,8080   <none>            db
10.0.0.0/8 except 10.1.0.0/16   -      shop/Deployment/db   1      TCP 5432        -                 db
`);
  });

  test.each<[string, Partial<ListCommandOptions>, readonly string[]]>([
    [
      "a workload by name",
      { focus: ["db"] },
      [`${web},${db},"TCP 5432,8080"`, `10.0.0.0/8 except 10.1.0.0/16,${db},TCP 5432`],
    ],
    ["by kind", { focus: ["shop/deploy/db"], port: ["http"] }, [`${web},${db},TCP 8080`]],
    ["by Service", { focus: ["svc/database"], port: ["http"] }, [`${web},${db},TCP 8080`]],
    ["by selector", { focus: ["shop/[app=db]"], port: ["8080-9000"] }, [`${web},${db},TCP 8080`]],
    [
      "one way",
      { focus: ["job"], direction: "egress" },
      [`${job},${web},all ports`, `${job},outside,all ports`],
    ],
    [
      "with one peer",
      { focus: ["web"], peer: ["tools/job"] },
      [`${job},${web},all ports`, `${web},${job},all ports`],
    ],
    ["with some addresses", { focus: ["db"], peer: ["10.1.2.0/15"] }, [`10.0.0.0/16,${db},TCP 5432`]],
    [
      "with one address",
      { peer: ["10.1.0.1"], direction: "ingress" },
      [`10.1.0.1/32,${web},all ports`, `10.1.0.1/32,${job},all ports`],
    ],
    [
      "with the outside",
      { focus: ["job"], peer: ["outside"] },
      [`outside,${job},all ports`, `${job},outside,all ports`],
    ],
    [
      "of a namespace",
      { namespace: "tools", port: ["80"], direction: "ingress" },
      [`${web},${job},TCP 80`, `outside,${job},TCP 80`],
    ],
    [
      "what is denied",
      { focus: ["db"], port: ["5432"], denied: true, direction: "ingress" },
      [`${job},${db},TCP 5432`, `10.1.0.0/16 and outside except 10.0.0.0/8,${db},TCP 5432`],
    ],
  ])("%s", async (_, options, expected) => {
    const { lines } = await list(options);
    expect(lines).toEqual(expected);
  });

  test("-A takes -n back", async () => {
    expect((await list({ namespace: "tools", allNamespaces: true })).lines).toHaveLength(9);
  });
});

describe("mistakes are told", () => {
  test.each<[Partial<ListCommandOptions>, string, string]>([
    [{ focus: ["wep"] }, 'there is no pod or workload "wep"', "Did you mean web?"],
    [{ focus: ["nowhere/x"] }, "in namespace nowhere", "Namespaces:"],
    [{ focus: ["shop/[app=x]"] }, "no pod matches shop/[app=x]", ""],
    [{ focus: ["192.0.2.1"] }, "--focus 192.0.2.1/32: no pod", "--peer"],
    [{ peer: ["a b"] }, '"a b" names no pod', "Write"],
    [{ summary: true, output: "svg" }, "--summary cannot be printed as svg", "text"],
    [{ summary: true, output: "json", port: ["http"] }, "by number", ""],
  ])("%j", async (options, message, mend) => {
    await expect(list(options)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(message),
      ...(mend !== "" && { mend: expect.stringContaining(mend) }),
    });
  });

  test("an object with an error is left out, and the code says so", async () => {
    const { code, lines, stderr } = await list(
      {},
      `${cluster}---\napiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: bad}\nspec: {podSelector: 1}\n`,
    );
    expect(code).toBe(2);
    expect(lines).toHaveLength(9);
    expect(stderr).toContain("podSelector");
  });
});

describe("--summary", () => {
  const summary = { ports: "TCP 5432", namespaces: 2, policies: 1, pods: 3, classes: 3 };

  test("as JSON", async () => {
    const { stdout } = await list({ summary: true, output: "json", port: ["5432"] });
    expect(JSON.parse(stdout)).toEqual({
      ...summary,
      isolated: { ingress: 1, egress: 1, neither: 2 },
      pairs: { all: 6, allowed: 3 },
    });
  });

  test("as text", async () => {
    const { stdout } = await list({ summary: true, output: "text" });
    expect(stdout).toContain("pairs of pods allowed at any port");
    expect(stdout).toContain("3 (50.0 %)");
  });
});

describe("sizes", () => {
  afterEach(() => void vi.restoreAllMocks());

  test("no pods", async () => {
    expect(
      await list({ output: "text" }, "{apiVersion: v1, kind: Namespace, metadata: {name: a}}"),
    ).toMatchObject({
      code: 0,
      stdout: "",
    });
  });

  test("a drawing of many is complete, and a note says that it is too much", async () => {
    const many = Array.from({ length: 30 }, (_, at) => deployment("a", `d${at}`)).join("");
    const { stdout, stderr } = await list({ output: "dot" }, many);
    expect(stdout.match(/->/g)).toHaveLength(30 * 29 + 60);
    expect(stderr).toContain("too much for a drawing");
    expect((await list({ output: "mermaid", focus: ["d1"] }, many)).stderr).not.toContain("too much");
  });

  test("ten thousand workloads are printed piece by piece", async () => {
    const many = Array.from(
      { length: 10_000 },
      (_, at) =>
        `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p${at}","labels":{"n":"${at % 4}"}},"spec":{"containers":[{"name":"c","image":"i"}]}}\n---\n`,
    ).join("");
    const io = new MemoryIo(
      `${many}{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"p"},"spec":{"podSelector":{"matchLabels":{"n":"1"}},"ingress":[{"from":[{"podSelector":{"matchLabels":{"n":"2"}}}]}]}}`,
    );
    let [lines, longest, pauses] = [0, 0, 0];
    const small = Object.assign(io, {
      out: (text: string) => {
        longest = Math.max(longest, text.length);
        for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines++;
      },
      drained: async () => void pauses++,
    });
    await runList(
      { filename: ["-"], name: "default", output: "csv", port: ["80"], focus: ["p1", "p2"] },
      small,
    );
    // p1: from the 2,500 of label 2, to everybody of other labels; p2: likewise from everybody.
    expect(lines).toBeGreaterThan(20_000);
    expect(longest).toBeLessThan(1 << 20);
    expect(pauses).toBeGreaterThan(5);
  });
});
