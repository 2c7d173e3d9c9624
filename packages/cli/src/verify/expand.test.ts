import { describe, expect, test } from "vitest";
import { loadManifests } from "../input/load-manifests.ts";
import { expandManifests } from "./expand.ts";

function expand(text: string, maxReplicas = 2) {
  const manifests = loadManifests([{ path: "m.yaml", text }]);
  expect(manifests.diagnostics).toEqual([]);
  return expandManifests(manifests.objects, manifests.raw, maxReplicas);
}

const template = (labels: string, rest = "") =>
  `{metadata: {labels: ${labels}}, spec: {containers: [{name: c, image: "x", ports: [{containerPort: 80}]}]${rest}}}`;

const workload = (kind: string, name: string, spec: string, version = "apps/v1") =>
  `---\napiVersion: ${version}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: {selector: {matchLabels: {a: b}}, ${spec}}\n`;

const names = ({ pods }: ReturnType<typeof expand>) =>
  pods.map(({ namespace, name }) => `${namespace}/${name}`);

describe("workloads become their pods", () => {
  test.each([
    ["Deployment", `replicas: 2, template: ${template("{a: b}")}`, "apps/v1", ["shop/w-1", "shop/w-2"]],
    ["ReplicaSet", `template: ${template("{a: b}")}`, "apps/v1", ["shop/w-1"]],
    ["StatefulSet", `replicas: 2, template: ${template("{a: b}")}`, "apps/v1", ["shop/w-0", "shop/w-1"]],
    ["DaemonSet", `template: ${template("{a: b}")}`, "apps/v1", ["shop/w-1"]],
    ["Job", `parallelism: 2, template: ${template("{a: b}")}`, "batch/v1", ["shop/w-1", "shop/w-2"]],
    ["CronJob", `jobTemplate: {spec: {template: ${template("{a: b}")}}}`, "batch/v1", ["shop/w-1"]],
  ])("%s", (kind, spec, version, expected) => {
    const standIns = expand(workload(kind, "w", spec, version));
    expect(names(standIns)).toEqual(expected);
    expect(standIns.pods[0]).toMatchObject({
      labels: { a: "b" },
      workload: { kind, name: "w" },
      group: "shop/w",
    });
  });

  test("a ReplicationController, whose selector is a plain map", () => {
    const text = `apiVersion: v1\nkind: ReplicationController\nmetadata: {name: rc}\nspec: {replicas: 1, selector: {a: b}, template: ${template("{a: b}")}}`;
    expect(names(expand(text))).toEqual(["default/rc-1"]);
  });

  test("no more than --max-replicas, and it says so", () => {
    const standIns = expand(workload("Deployment", "w", `replicas: 40, template: ${template("{a: b}")}`), 3);
    expect(names(standIns)).toHaveLength(3);
    expect(standIns.notes).toEqual(["Deployment shop/w: 3 of its 40 replicas run (--max-replicas)"]);
  });

  test("labels that a controller gives, and that policies may select", () => {
    const { pods } = expand(
      workload("StatefulSet", "db", `replicas: 2, template: ${template("{a: b}")}`) +
        workload("Job", "seed", `template: ${template("{a: b}")}`, "batch/v1"),
    );
    expect(pods.map(({ labels }) => labels)).toEqual([
      { a: "b", "statefulset.kubernetes.io/pod-name": "db-0", "apps.kubernetes.io/pod-index": "0" },
      { a: "b", "statefulset.kubernetes.io/pod-name": "db-1", "apps.kubernetes.io/pod-index": "1" },
      { a: "b", "batch.kubernetes.io/job-name": "seed", "job-name": "seed" },
    ]);
  });

  test("two workloads of one name, and a pod called like a replica, stay apart", () => {
    const standIns = expand(
      `apiVersion: v1\nkind: Pod\nmetadata: {name: w-1, namespace: shop}\nspec: {containers: [{name: c}]}\n` +
        workload("Deployment", "w", `template: ${template("{a: b}")}`) +
        workload("ReplicaSet", "w", `template: ${template("{a: b}")}`),
    );
    expect(names(standIns)).toEqual(["shop/w-1", "shop/w-deployment-1", "shop/w-replicaset-1"]);
    expect(standIns.pods.map(({ group }) => group)).toEqual([
      "shop/w-1",
      "shop/deployment/w",
      "shop/replicaset/w",
    ]);
  });
});

describe("containers become echo servers on the ports that are declared", () => {
  const containersOf = (spec: string) => {
    const { pods } = expand(`apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: ${spec}\n`);
    return pods[0]!.object.spec as { containers: { name: string; image: string; ports: unknown[] }[] };
  };

  test("of all containers, and of init containers that go on running", () => {
    expect(
      containersOf(
        "{containers: [{name: a, image: x, command: [rm], ports: [{name: http, containerPort: 80, hostPort: 80}]}, {name: b, ports: [{containerPort: 53, protocol: UDP}]}], " +
          "initContainers: [{name: i, ports: [{containerPort: 1}]}, {name: s, restartPolicy: Always, ports: [{containerPort: 2}]}]}",
      ).containers,
    ).toEqual([
      {
        name: "stand-in",
        image: "portcullis/echo",
        ports: [
          { name: "http", containerPort: 80, protocol: "TCP" },
          { containerPort: 53, protocol: "UDP" },
          { containerPort: 2, protocol: "TCP" },
        ],
      },
    ]);
  });

  test("a port with two names is listened on once and has both; a name for two ports stays one", () => {
    expect(
      containersOf(
        "{containers: [{name: a, ports: [{name: http, containerPort: 80}]}, {name: b, ports: [{name: web, containerPort: 80}]}, {name: c, ports: [{name: http, containerPort: 8080}]}]}",
      ).containers.map(({ ports }) => ports),
    ).toEqual([
      [
        { name: "http", containerPort: 80, protocol: "TCP" },
        { name: "web", containerPort: 80, protocol: "TCP" },
      ],
      [{ name: "http", containerPort: 8080, protocol: "TCP" }],
    ]);
  });

  test("none when none are", () => {
    expect(containersOf("{containers: [{name: a}]}").containers[0]!.ports).toEqual([]);
  });
});

describe("what is not probed, with the reason", () => {
  const pod = (name: string, rest: string) =>
    `---\napiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\n${rest}\n`;

  test.each([
    [
      "the node's network",
      pod("p", "spec: {hostNetwork: true, containers: [{name: c}]}"),
      "it uses its node's network",
    ],
    ["finished", pod("p", "spec: {containers: [{name: c}]}\nstatus: {phase: Succeeded}"), "it is Succeeded"],
    [
      "no replicas",
      workload("Deployment", "p", `replicas: 0, template: ${template("{a: b}")}`),
      "it has no replicas",
    ],
    [
      "SCTP",
      pod("p", "spec: {containers: [{name: c, ports: [{containerPort: 9, protocol: SCTP}]}]}"),
      "stand-ins speak TCP and UDP only",
    ],
    [
      "ExternalName",
      "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: ExternalName, externalName: example.com}",
      "an ExternalName",
    ],
    [
      "no selector",
      "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}",
      "it has no selector",
    ],
    [
      "headless",
      "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {clusterIP: None, selector: {a: b}, ports: [{port: 80}]}",
      "it is headless",
    ],
  ])("%s", (_, text, why) => {
    const { notProbed } = expand(text);
    expect(notProbed).toHaveLength(1);
    expect(notProbed[0]!.why).toContain(why);
  });

  test("a pod whose owner is here too, as in a dump of a cluster", () => {
    const owned =
      "apiVersion: v1\nkind: Pod\nmetadata: {name: w-abc, namespace: shop, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: w, uid: u, controller: true}]}\nspec: {containers: [{name: c}]}\n";
    const both = expand(owned + workload("ReplicaSet", "w", `template: ${template("{a: b}")}`));
    expect(names(both)).toEqual(["shop/w-1"]);
    expect(both.notProbed[0]).toEqual({
      what: "Pod shop/w-abc",
      why: "its owner ReplicaSet shop/w is here and makes pods like it",
    });
    expect(names(expand(owned))).toEqual(["shop/w-abc"]);
  });
});

describe("the rest of the cluster", () => {
  test("namespaces: with their labels, and those that are only mentioned", () => {
    const { namespaces } = expand(
      `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {tier: web}, uid: u, resourceVersion: "7"}\n---\n` +
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: np, namespace: other}\nspec: {podSelector: {}}\n",
    );
    expect(namespaces.map(({ metadata }) => metadata)).toEqual([
      { name: "other" },
      { name: "shop", labels: { tier: "web" } },
    ]);
  });

  test("Services: at addresses of the sandbox, without what another cluster gave them", () => {
    const { services } = expand(
      "apiVersion: v1\nkind: Service\nmetadata: {name: s, namespace: shop}\nspec: {type: LoadBalancer, clusterIP: 172.20.0.9, selector: {a: b}, ports: [{name: http, port: 80, nodePort: 30080, targetPort: web}]}",
    );
    expect(services.map(({ spec }) => spec)).toEqual([
      { selector: { a: "b" }, ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: "web" }] },
    ]);
  });

  test("an object with a generateName gets the engine's name for it", () => {
    const { policies } = expand(
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {generateName: deny-}\nspec: {podSelector: {}}\n",
    );
    expect(policies[0]!.metadata.name).toMatch(/^deny-.{5}$/);
    expect(policies[0]!.metadata.namespace).toBe("default");
  });
});
