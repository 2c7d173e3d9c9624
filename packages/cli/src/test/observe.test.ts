import { type Assertion, readAssertions } from "@portcullis/engine";
import { expect, test } from "vitest";
import { loadManifests } from "../input/load-manifests.ts";
import { bringUp } from "../verify/bring-up.ts";
import { expandManifests } from "../verify/expand.ts";
import { type Lie, LyingSandbox } from "../verify/lying-sandbox.testing.ts";
import { clusterFromApi } from "../world/cluster-from-api.ts";
import { observeAssertions } from "./observe.ts";

const manifests = `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}, {name: dns, containerPort: 53, protocol: UDP}]}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: shop}
spec: {selector: {app: api}, ports: [{name: main, port: 8000, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: shop}
spec:
  podSelector: {matchLabels: {app: api}}
  ingress:
    - from: [{podSelector: {matchLabels: {app: api}}}]
      ports: [{port: http}]
`;

/** `status packets: details` of each assertion. */
async function observe(items: readonly string[], lie?: Lie): Promise<string[]> {
  const { objects, raw } = loadManifests([{ path: "m.yaml", text: manifests }]);
  const sandbox = new LyingSandbox(lie);
  await bringUp(sandbox, expandManifests(objects, raw, 2));
  const { cluster } = await clusterFromApi(sandbox.client);
  const observed = await observeAssertions(sandbox, read(items), cluster, new AbortController().signal);
  return observed.map(({ status, packets, details }) => `${status} ${packets}: ${details.join("; ")}`);
}

function read(items: readonly string[]): readonly Assertion[] {
  const text = `apiVersion: portcullis.dev/v1alpha1\nkind: Assertions\nassertions:\n${items.map((item) => `  - {${item}}\n`).join("")}`;
  const { assertions, diagnostics } = readAssertions([{ file: "a.yaml", text }]);
  expect(diagnostics).toEqual([]);
  return assertions;
}

test("packets that do as asserted, by name, label, Service, name of a port and range", async () => {
  expect(
    await observe([
      "from: 'shop/[app=api]', to: 'shop/[app=api]', port: http, expect: allow",
      "from: web, to: shop/svc/api, port: main, expect: deny",
      "from: shop/api-1, to: web, ports: [8080, 53/udp], expect: allow",
      "from: '*/*', to: default/*, ports: 8000-9000, expect: allow",
      "from: '*/*', to: '*/*', ports: all, expect: deny, match: any",
    ]),
  ).toEqual(["pass 2: ", "pass 1: ", "pass 2: ", "pass 2: ", "pass 8: "]);
});

test("what did otherwise is told packet by packet; what no packet can tell is said", async () => {
  const [wrong, open, ...untried] = await observe([
    "from: web, to: 'shop/[app=api]', port: 80, expect: allow",
    "from: 'shop/[]', to: web, port: 8080, expect: deny",
    "from: outside, to: web, port: 8080, expect: allow",
    "from: web, to: 192.0.2.1, port: 443, expect: allow",
    "from: shop/api-1, to: web, ports: [icmp, 80/sctp, 54/udp], expect: allow",
    "from: ghost, to: svc/ghost, port: 80, expect: allow",
  ]);
  expect(wrong).toMatch(
    /^fail 2: default\/web → shop\/api-1 \(\S+\) on TCP 80: silence; default\/web → shop\/api-2 \(\S+\) on TCP 80: silence$/,
  );
  expect(open).toMatch(/^fail 2: shop\/api-1 → default\/web \(\S+\) on TCP 8080: it arrived; /);
  expect(untried).toEqual([
    "untried 0: no packet can be sent from outside",
    "untried 0: no packet to 192.0.2.1 would prove anything",
    "untried 0: probes do not speak ICMP; probes do not speak SCTP; default/web declares no UDP 54, so silence would prove nothing",
    "untried 0: ghost is no pod that runs; there is no Service default/ghost",
  ]);
});

test("a kernel that lies is found out, and silence of a UDP program is no proof", async () => {
  const silent: Lie = () => ({ outcome: "timeout", milliseconds: 300 });
  const allowed = [
    "from: shop/api-1, to: web, port: 8080, expect: allow",
    "from: shop/api-1, to: web, port: 53/udp, expect: allow",
  ];
  const [tcp, udp] = await observe(allowed, silent);
  expect(tcp).toMatch(/^fail 1: .*silence$/);
  expect(udp).toMatch(/^untried 0: .*: silence, and a UDP program need not answer$/);
  const open: Lie = () => ({ outcome: "connected", milliseconds: 1 });
  const [leak] = await observe(["from: web, to: shop/svc/api, port: main, expect: deny"], open);
  expect(leak).toMatch(/^fail 1: default\/web → Service shop\/api \(\S+\) on TCP 8000: it arrived$/);
});
