import { Cluster, portSetText, readManifest } from "@portcullis/engine";
import { describe, expect, test } from "vitest";
import { parsePeer } from "../input/peer.ts";
import { parseTarget } from "../input/target.ts";
import { ask } from "./ask.ts";

const cluster = new Cluster();
const manifest = readManifest(
  `
apiVersion: v1
kind: Pod
metadata: {name: web-1, labels: {app: web, slot: one}}
spec: {containers: [{name: c, image: x, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-2, labels: {app: web, slot: two}}
spec: {containers: [{name: c, image: x, ports: [{name: http, containerPort: 9090}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: client, namespace: other}
spec: {containers: [{name: c, image: x}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: other}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: c, image: x}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {clusterIP: 10.96.0.9, selector: {app: web}, ports: [{name: main, port: 80, targetPort: http}]}
---
apiVersion: v1
kind: Service
metadata: {name: nobody}
spec: {clusterIP: 10.96.0.10, selector: {app: none}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: close-two}
spec: {podSelector: {matchLabels: {slot: two}}, policyTypes: [Ingress]}
`,
  "cluster.yaml",
);
if (manifest.diagnostics.length > 0) throw new Error(JSON.stringify(manifest.diagnostics));
for (const object of manifest.objects) cluster.upsert(object);

function can(source: string, target: string) {
  const { allowed, groups, service } = ask(
    cluster,
    parsePeer(source, "default"),
    parseTarget(target, "default"),
  );
  const flows = groups.map(({ sources, destinations, ports, verdict }) => {
    const to = destinations.map(({ endpoint: { pod, address } }) => pod?.name ?? address?.text).join();
    const many = sources.length === 1 ? "" : `${sources.length}× `;
    return `${many}${to}:${portSetText(ports).replace("TCP ", "")} ${verdict.allowed}`;
  });
  return { allowed, flows, service: service?.name };
}

describe("a Service", () => {
  test("is judged on each of its pods, at the pod's own port, and is denied when one is", () => {
    const answer = { allowed: false, flows: ["web-1:8080 true", "web-2:9090 false"], service: "web" };
    expect(can("other/client", "svc/web:80")).toEqual(answer);
    expect(can("other/client", "svc/web:main")).toEqual(answer);
    expect(can("other/client", "10.96.0.9:80")).toEqual(answer);
  });

  test("without pods reaches nothing", () => {
    expect(can("other/client", "svc/nobody:80")).toEqual({ allowed: false, flows: [], service: "nobody" });
  });

  test("as a source stands for its pods", () => {
    expect(can("svc/web", "other/client:1").flows).toEqual(["2× client:1 true"]);
  });
});

test("a port's name is the destination pod's", () => {
  expect(can("other/client", "web-1:http").flows).toEqual(["web-1:8080 true"]);
  expect(can("other/client", "web-2:http").flows).toEqual(["web-2:9090 false"]);
});

test("a workload answers to its name, with or without its kind", () => {
  expect(can("other/api", "web-1:80").allowed).toBe(true);
  expect(can("other/deploy/api", "web-1:80").allowed).toBe(true);
});

test("an address may stand on either side", () => {
  expect(can("203.0.113.7", "web-2:80").allowed).toBe(false);
  expect(can("web-2", "203.0.113.7:443").allowed).toBe(true);
});

test("a selector stands for every pod that it finds, in one namespace or in all", () => {
  expect(can("[app=web]", "other/client:1").flows).toEqual(["2× client:1 true"]);
  expect(can("other/client", "[app=web]:80").flows).toEqual(["web-1:80 true", "web-2:80 false"]);
  expect(can("other/client", "*/[app in (web,api)]:80").flows).toEqual([
    "web-1,api:80 true",
    "web-2:80 false",
  ]);
  expect(can("other/client", "[app=web]:http").flows).toEqual(["web-1:8080 true", "web-2:9090 false"]);
});

test("a range of ports is judged whole, and a CIDR in the parts that policies make of it", () => {
  expect(can("web-1", "web-2:80-90").flows).toEqual(["web-2:80-90 false"]);
  expect(can("0.0.0.0/0", "web-1:80").flows).toEqual(["web-1:80 true"]);
});

test.each([
  ["web", "web-1:80", 'no pod or workload "web"', "svc/web"],
  ["web-3", "web-1:80", 'no pod or workload "web-3"', "Did you mean web-1?"],
  ["client", "web-1:80", 'no pod or workload "client"', "other/client"],
  ["other/sts/api", "web-1:80", 'no StatefulSet "api"', "It has"],
  ["ghost/x", "web-1:80", "in namespace ghost", "Namespaces with pods: default, other"],
  ["web-1", "svc/wob:80", 'no Service "wob"', "Did you mean web?"],
  ["web-1", "svc/web:81", "has no port 81/TCP", "main 80/TCP"],
  ["web-1", "svc/web:80/udp", "has no port 80/UDP", "main 80/TCP"],
  ["web-1", "web-2:https", 'no TCP port named "https"', "http (9090/TCP)"],
  ["web-1", "svc/web:80-90", "single ports", "main 80/TCP"],
  ["[app=wob]", "web-1:80", "selects no pod", "app=web"],
  ["none/[app=web]", "web-1:80", "selects no pod", "Namespaces with pods: default, other"],
  ["svc/nobody", "web-2:80", "nothing can send from it", undefined],
])("can %s --to %s: %s", (source, target, message, mend) => {
  expect(() => can(source, target)).toThrow(
    expect.objectContaining({
      exitCode: 2,
      message: expect.stringContaining(message),
      ...(mend && { mend: expect.stringContaining(mend) }),
    }),
  );
});
