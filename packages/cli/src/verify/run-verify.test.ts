import { isConfirmed, verificationHtml, verificationJunit, verificationText } from "@portcullis/engine";
import { describe, expect, test } from "vitest";
import { verifyManifests } from "./verify-manifests.testing.ts";

const pods = `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: c, image: "registry.example/web:1", ports: [{containerPort: 8080}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: c, image: "registry.example/api:1", ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{port: 8000, targetPort: http}]}
`;
const policy = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  podSelector: {matchLabels: {app: api}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: api}}}]
      ports: [{port: http}]
`;
const files = { "pods.yaml": pods, "policy.yaml": policy };

describe("an honest kernel", () => {
  test("confirms every pair, through addresses and Services", async () => {
    const { verification } = await verifyManifests(files);
    expect(isConfirmed(verification)).toBe(true);
    expect(verification.probes).toBe(9);
    expect(
      verification.pairs.map(
        ({ from, to, kind, ports }) => `${from} ${kind} ${to} ${ports.map((p) => p.predicted)}`,
      ),
    ).toEqual([
      "default/web pod shop/api-1 deny",
      "default/web pod shop/api-2 deny",
      "default/web service shop/api deny",
      "shop/api-1 pod default/web allow",
      "shop/api-1 pod shop/api-2 allow",
      "shop/api-1 service shop/api allow",
      "shop/api-2 pod default/web allow",
      "shop/api-2 pod shop/api-1 allow",
      "shop/api-2 service shop/api allow",
    ]);
  });

  test("no image of the manifests is ever run", async () => {
    const { sandbox } = await verifyManifests(files);
    const made = JSON.stringify(sandbox.client.all());
    expect(made).toContain("portcullis/echo");
    expect(made).not.toContain("registry.example");
  });

  test("--port: these and no others, where a port is not served arrival is a refusal", async () => {
    const { verification, sandbox } = await verifyManifests(files, {
      ports: [
        { protocol: "TCP", port: 80 },
        { protocol: "UDP", port: 53 },
      ],
    });
    expect(isConfirmed(verification)).toBe(true);
    const direct = sandbox.probed.filter(({ address }) => address.startsWith("10.244."));
    expect(new Set(direct.map(({ port, protocol }) => `${port}/${protocol}`))).toEqual(new Set(["80/TCP"]));
  });
});

describe("a kernel that lets one packet pass", () => {
  const leak = () =>
    verifyManifests(files, {
      // Once is enough: nothing that comes later takes it back.
      lie: (truth, { from, port }, attempt) =>
        from !== "node" && from.name === "web" && port === 80 && attempt === 1
          ? { outcome: "connected", reply: "shop/api-1", milliseconds: 1 }
          : truth,
    });

  test("is found out, with everything named", async () => {
    const { verification, sandbox } = await leak();
    expect(isConfirmed(verification)).toBe(false);
    expect(verification.disagreements.map(({ from, to }) => `${from} ${to}`)).toEqual([
      "default/web shop/api-1",
      "default/web shop/api-2",
    ]);
    const [first] = verification.disagreements;
    expect(first).toMatchObject({
      protocol: "TCP",
      port: 80,
      predicted: "silence (dropped)",
      observed: "an answer from shop/api-1",
      decidedBy: [{ policy: "shop/api", rule: "ingress[0]", file: "policy.yaml", line: 8 }],
      kernel: { verdict: "drop", dropped: 0 },
    });
    expect(first!.explanation).toContain("Isolated: this policy selects it");
    expect(sandbox.inspected[0]).toMatchObject({ destination: first!.address, protocol: "TCP", port: 80 });
  });

  test("is told in every format", async () => {
    const { verification } = await leak();
    const text = verificationText(verification);
    expect(text).toContain("DISAGREEMENT default/web → shop/api-1");
    expect(text).toContain("decided by ingress[0] of shop/api (policy.yaml:8)");
    expect(text).toContain("c_forward rule 4: ip saddr vmap @egress_v4 → goto p_1");
    expect(text).toContain("tcp dport 80 counter packets 7 bytes 420 accept");
    expect(text).toContain("✗!");
    expect(verificationJunit(verification)).toContain('failures="2"');
    expect(verificationHtml(verification)).toContain("policy.yaml:8");
  });
});

describe("a kernel that is not quite itself", () => {
  test("an answer that was lost once is asked for again", async () => {
    const { verification, sandbox } = await verifyManifests(files, {
      lie: (truth, _, attempt) =>
        truth.outcome === "connected" && attempt === 1 ? { outcome: "timeout", milliseconds: 2000 } : truth,
    });
    expect(isConfirmed(verification)).toBe(true);
    // Four pairs of pods and two of a Service are allowed.
    expect(sandbox.probed.length).toBe(9 + 6);
  });

  test("an answer that never comes is a disagreement", async () => {
    const { verification } = await verifyManifests(files, {
      lie: (truth, { port }) =>
        port === 8080 && truth.outcome === "connected" ? { outcome: "timeout", milliseconds: 2000 } : truth,
    });
    expect(
      verification.disagreements.map(({ from, observed, attempts }) => [from, observed, attempts]),
    ).toEqual([
      ["shop/api-1", "silence", 2],
      ["shop/api-2", "silence", 2],
    ]);
  });

  test("somebody else's answer is a disagreement", async () => {
    const { verification } = await verifyManifests(files, {
      lie: (truth) => (truth.reply === "default/web" ? { ...truth, reply: "shop/api-1" } : truth),
    });
    expect(verification.disagreements[0]).toMatchObject({
      predicted: "an answer from default/web",
      observed: "an answer from shop/api-1",
    });
  });

  test("when answers are slow, short silences are not trusted", async () => {
    const { verification, sandbox } = await verifyManifests(files, {
      lie: (truth) => (truth.outcome === "timeout" ? truth : { ...truth, milliseconds: 1500 }),
    });
    expect(isConfirmed(verification)).toBe(true);
    const waits = sandbox.probed
      .filter(({ from }) => from !== "node" && from.name === "web")
      .map((p) => p.timeoutMs);
    expect(waits).toEqual([300, 300, 300, 1000, 1000, 1000]);
  });
});

describe("assertions", () => {
  const assertions = (expectation: string) => `
apiVersion: portcullis.dev/v1alpha1
kind: Assertions
assertions:
  - {name: in, from: shop/api, to: shop/svc/api, port: 8000, expect: allow}
  - {name: out, from: default/web, to: "shop/[app=api]", port: http, expect: ${expectation}}
`;

  test("hold when engine and packets say so", async () => {
    const { verification } = await verifyManifests(files, { assertions: assertions("deny") });
    expect(verification.assertions.map(({ name, holds, flows }) => [name, holds, flows])).toEqual([
      ["in", true, 2],
      ["out", true, 2],
    ]);
    // They ask nothing that the matrix does not ask.
    expect(verification.probes).toBe(9);
  });

  test("ask more than the matrix does, and leave it as it is", async () => {
    const one = "{from: default/web, to: shop/api-1, port: 9999, expect: deny}";
    const { verification } = await verifyManifests(files, {
      assertions: `apiVersion: portcullis.dev/v1alpha1\nkind: Assertions\nassertions: [${one}]\n`,
      lie: (truth, { port }) => (port === 9999 ? { outcome: "refused", milliseconds: 1 } : truth),
    });
    expect(verification.probes).toBe(10);
    expect(verification.pairs.flatMap(({ ports }) => ports).map(({ port }) => port)).not.toContain(9999);
    expect(verification.disagreements.map(({ port }) => port)).toEqual([9999]);
    expect(verificationJunit(verification)).toContain('<failure message="not as predicted on 9999">');
  });

  test("fail with the engine's reason when the engine says otherwise", async () => {
    const { verification } = await verifyManifests(files, { assertions: assertions("allow") });
    expect(isConfirmed(verification)).toBe(false);
    expect(verification.assertions[1]).toMatchObject({
      name: "out",
      holds: false,
      file: "assertions.yaml",
      line: 6,
    });
    expect(verification.assertions[1]!.details[0]).toContain(
      "default/web may not reach shop/api-1 on TCP 80: shop/api isolates",
    );
  });

  test("fail with what was observed when the packets say otherwise", async () => {
    const { verification } = await verifyManifests(files, {
      assertions: assertions("deny"),
      lie: (truth, { from }) =>
        from !== "node" && from.name === "web" ? { outcome: "refused", milliseconds: 1 } : truth,
    });
    expect(verification.assertions[1]!.holds).toBe(false);
    expect(verification.assertions[1]!.details[0]).toContain("predicted silence (dropped), observed refused");
  });
});
