import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { ApiServer } from "@portcullis/apiserver";
import type { KubeObject } from "@portcullis/kube";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MemoryIo } from "../../io/memory-io.testing.ts";
import { run } from "../../main.ts";
import { rbacObjects } from "../../rbac/objects.ts";
import { lint, namespace, objectsOf, readManifest, render, root, whyNoHelm } from "./chart.testing.ts";

// What is in deploy/: the chart renders, the plain manifests are what it renders, and an API server takes them.

const scratch = mkdtempSync(join(tmpdir(), "portcullis-deploy-"));
const socketPath = join(scratch, "api.sock");
const api = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] } });

beforeAll(async () => {
  await api.listen({ socketPath });
  const own = objectsOf(readManifest("portcullis.yaml")).find(({ kind }) => kind === "Namespace");
  expect(await post("/api/v1/namespaces?fieldValidation=Strict", own)).toMatchObject({ code: 201 });
});
afterAll(async () => {
  await api.close();
  rmSync(scratch, { recursive: true });
});

describe.skipIf(whyNoHelm !== undefined)(
  `the chart${whyNoHelm === undefined ? "" : ` (${whyNoHelm})`}`,
  () => {
    test("is well-formed", () => {
      expect(lint()).toMatchObject({ status: 0, stdout: expect.stringContaining("0 chart(s) failed") });
    });

    test("renders what the plain manifests are, but for the names of the chart (PORTCULLIS_UPDATE=1 refreshes)", () => {
      const rendered = `${heading}${withoutHelm(render().text)}`;
      if (process.env.PORTCULLIS_UPDATE)
        writeFileSync(join(root, "deploy", "manifests", "portcullis.yaml"), rendered);
      expect(readManifest("portcullis.yaml")).toBe(rendered);
    });

    test("takes what its values say to the agent", () => {
      const values = [
        ...['metrics={"enabled":true,"port":9100}', 'podCidrs=["none"]', "flows=true", 'denied="reject"'],
        ...[
          'apiServer={"host":"10.0.0.7","port":6443}',
          'image.tag="1.2.3"',
          'seLinuxOptions={"type":"spc_t"}',
        ],
      ];
      const { container, pod } = agentOf(render(...values).objects);
      expect(container.args).toEqual(
        expect.arrayContaining(["--metrics-address=:9100", "--pod-cidr=none", "--flows", "--denied=reject"]),
      );
      expect(container.image).toBe("portcullis:1.2.3");
      expect(container.ports).toContainEqual({
        name: "metrics",
        containerPort: 9100,
        hostPort: 9100,
        protocol: "TCP",
      });
      expect(container.env).toContainEqual({ name: "KUBERNETES_SERVICE_HOST", value: "10.0.0.7" });
      expect(container.env).toContainEqual({ name: "KUBERNETES_SERVICE_PORT", value: "6443" });
      expect(container.securityContext.seLinuxOptions).toEqual({ type: "spc_t" });
      expect(pod.hostNetwork).toBe(true);
    });

    test.each([
      ['established="break"', "established"],
      ['podCidrs=["10.0.0.0/8"]', "podCidrs"],
      ['driftInterval="often"', "driftInterval"],
      ["apiPort=70000", "apiPort"],
      ['stateDirectory="var/lib"', "stateDirectory"],
      ["typo=1", "typo"],
    ])("refuses %s", (value, field) => {
      expect(render(value).refusal).toContain(field);
    });

    test.each([
      [[]],
      [["priorityQuota.enabled=true"]],
      [
        [
          'metrics={"enabled":true,"port":9100}',
          'extraEnv=[{"name":"A","value":"b"}]',
          'podLabels={"a":"b"}',
        ],
      ],
      [
        [
          'serviceAccount={"name":"own","annotations":{"a":"b"}}',
          'affinity={"podAffinity":{}}',
          'imagePullSecrets=[{"name":"s"}]',
        ],
      ],
    ])("renders what an API server takes: %j", async (values) => {
      expect(await refusals(render(...values).objects)).toEqual([]);
    });
  },
);

describe("the plain manifests", () => {
  test("give exactly the rights that `portcullis rbac --for agent` prints", () => {
    const subject = { serviceAccount: "portcullis-agent", namespace };
    const rights = (objects: readonly unknown[]) =>
      (objects as readonly KubeObject[])
        .filter(({ apiVersion }) => apiVersion.startsWith("rbac."))
        .map(({ kind, metadata: { name, namespace: within }, rules, roleRef, subjects }) => {
          return { kind, name, within, rules, roleRef, subjects };
        });
    expect(rights(objectsOf(readManifest("portcullis.yaml")))).toEqual(rights(rbacObjects("agent", subject)));
  });

  test("give the agent options that it has", async () => {
    const { container } = agentOf(objectsOf(readManifest("portcullis.yaml")));
    const io = new MemoryIo();
    expect(await run([...container.args, "--help"], io)).toBe(0);
    for (const option of container.args.filter((each) => each.startsWith("--")))
      expect(io.stdout).toContain(`  ${option.slice(0, option.indexOf("="))} `);
  });

  test.each(["portcullis.yaml", "cleanup.yaml"])("%s: an API server takes them, strictly", async (name) => {
    const objects = objectsOf(readManifest(name));
    expect(objects.length).toBeGreaterThan(0);
    expect(await refusals(objects)).toEqual([]);
  });

  test("give the agent NET_ADMIN in the node's network, and nothing else", () => {
    const { container, pod } = agentOf(objectsOf(readManifest("portcullis.yaml")));
    expect(container.securityContext).toEqual({
      runAsUser: 0,
      runAsGroup: 0,
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"], add: ["NET_ADMIN"] },
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(pod).not.toHaveProperty("hostPID");
    expect(pod).not.toHaveProperty("hostIPC");
  });

  test("give a place to what is written: the root is read-only", async () => {
    const io = new MemoryIo();
    await run(["agent", "--help"], io);
    const [, written] = /--state-dir [^(]+\(default:\s+"(.+?)"\)/.exec(io.stdout) ?? [];
    for (const name of ["portcullis.yaml", "cleanup.yaml"]) {
      const { container, pod } = agentOf(objectsOf(readManifest(name)));
      expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
      expect(container.volumeMounts).toEqual([{ name: "state", mountPath: written }]);
      expect(pod.volumes).toEqual([
        { name: "state", hostPath: { path: written, type: "DirectoryOrCreate" } },
      ]);
    }
  });

  test("refer to what is there: the account, and an image of the version", () => {
    const objects = objectsOf(readManifest("portcullis.yaml"));
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const { container, pod } = agentOf(objects);
    expect(objects.find(({ kind }) => kind === "ServiceAccount")?.metadata.name).toBe(pod.serviceAccountName);
    expect(container.image).toBe(`portcullis:${version}`);
    for (const { metadata } of objects.filter(
      ({ kind }) => !kind.startsWith("Cluster") && kind !== "Namespace",
    ))
      expect(metadata.namespace).toBe(namespace);
  });
});

const heading = `# Portcullis' agent on every Linux node. Rendered from the chart in deploy/helm with its own values; change those, and
# refresh this file with PORTCULLIS_UPDATE=1 npx vitest run --project unit packages/cli/src/agent/deploy
apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  labels:
    app.kubernetes.io/name: portcullis
    # The agent works in the node's network namespace, with CAP_NET_ADMIN and a directory of the node.
    pod-security.kubernetes.io/enforce: privileged
`;

function withoutHelm(rendered: string): string {
  return rendered
    .split("\n")
    .filter(
      (line) =>
        !/^ +(helm\.sh\/chart|app\.kubernetes\.io\/managed-by): /.test(line) &&
        !line.startsWith("# Source: "),
    )
    .join("\n");
}

interface AgentPod {
  readonly container: {
    readonly args: readonly string[];
    readonly env: readonly object[];
    readonly image: string;
    readonly ports?: readonly object[];
    readonly securityContext: Readonly<Record<string, unknown>>;
    readonly volumeMounts: readonly object[];
  };
  readonly pod: Readonly<Record<string, unknown>>;
}

function agentOf(objects: readonly KubeObject[]): AgentPod {
  const daemonSet = objects.find(({ kind }) => kind === "DaemonSet");
  const { spec } = (daemonSet as unknown as { spec: { template: { spec: AgentPod["pod"] } } }).spec.template;
  const [container] = (spec.initContainers ?? spec.containers) as AgentPod["container"][];
  return { container: container!, pod: spec };
}

/** What an API server says that validates every field, one line an object that it refuses. */
async function refusals(objects: readonly KubeObject[]): Promise<readonly string[]> {
  const said: string[] = [];
  // The namespace is there already.
  for (const object of objects.filter(({ kind }) => kind !== "Namespace")) {
    const { code, body } = await post(pathOf(object), object);
    if (code !== 201) said.push(`${object.kind} ${object.metadata.name}: ${code} ${body}`);
  }
  return said;
}

function pathOf({ apiVersion, kind, metadata }: KubeObject): string {
  const within = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${base}${within}/${kind.toLowerCase()}s?fieldValidation=Strict&dryRun=All`;
}

function post(path: string, body: unknown): Promise<{ readonly code: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const asked = request({ socketPath, path, method: "POST", headers }, async (response) => {
      resolve({ code: response.statusCode ?? 0, body: await text(response) });
    });
    asked.on("error", reject).end(JSON.stringify(body));
  });
}
