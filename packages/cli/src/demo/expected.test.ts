import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Cluster } from "@portcullis/engine";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { MemoryIo } from "../io/memory-io.testing.ts";
import { questionsOf } from "./question.ts";
import { steps } from "./steps/index.ts";
import { readTutorial } from "./tutorial-files.ts";

interface ExpectedStep {
  readonly name: string;
  readonly apply?: readonly string[];
  readonly delete?: readonly string[];
  readonly asked: readonly { readonly among: readonly string[]; readonly ports: readonly number[] }[];
  readonly denied: readonly string[];
}

const file = fileURLToPath(new URL("../../../../examples/tutorial/expected.yaml", import.meta.url));
const expected = (parse(readFileSync(file, "utf8")) as { steps: readonly ExpectedStep[] }).steps;
const files = await readTutorial(new MemoryIo());

describe("examples/tutorial/expected.yaml", () => {
  const cluster = new Cluster();
  const loaded = new Map(files.names.map((name) => [name, files.manifest(name)]));
  test.each(expected.map((step) => [step.name, step] as const))("%s: the engine alone says so", (_, step) => {
    for (const name of step.delete ?? []) {
      for (const object of loaded.get(name)!) {
        const namespace = "namespace" in object ? object.namespace : undefined;
        expect(cluster.delete(object.kind, namespace, object.name)).toBe(true);
      }
    }
    for (const name of step.apply ?? []) for (const object of loaded.get(name)!) cluster.upsert(object);
    expect(deniedBy(cluster, step)).toEqual([...step.denied].sort());
  });

  test("is what the demo does: the same files, the same questions, in the same order", () => {
    const played: Pick<ExpectedStep, "apply" | "delete" | "asked">[] = [];
    let apply: string[] = [];
    let remove: string[] = [];
    for (const step of steps) {
      for (const action of step.actions) {
        if (action.kind === "apply") apply.push(...action.files);
        if (action.kind === "delete") remove.push(...action.files);
      }
      if (step.checks.length === 0) continue;
      const asked = step.checks.map(({ pods, ports }) => ({
        among: pods.map(({ namespace, name }) => `${namespace}/${name}`),
        ports: [...ports].sort(),
      }));
      played.push({ apply: apply.sort(), delete: remove, asked });
      apply = [];
      remove = [];
    }
    expect(played).toEqual(
      expected.map((step) => ({
        apply: [...(step.apply ?? [])].sort(),
        delete: step.delete ?? [],
        asked: step.asked.map(({ among, ports }) => ({ among, ports: [...ports].sort() })),
      })),
    );
  });

  test("the README names only files that exist, and every manifest", () => {
    const readme = readFileSync(new URL("README.md", `file://${file}`), "utf8");
    const named = [...readme.matchAll(/examples\/tutorial\/([a-z-]+\.yaml)/g)].map(([, name]) => name!);
    expect([...new Set(named)].sort()).toEqual(files.names);
  });

  test("every manifest of the folder takes part", () => {
    const used = new Set(expected.flatMap((step) => [...(step.apply ?? []), ...(step.delete ?? [])]));
    expect(files.names).toEqual([...used].sort());
  });
});

function deniedBy(cluster: Cluster, { asked }: ExpectedStep): string[] {
  const pod = (name: string) => {
    const [namespace, podName] = name.split("/");
    return { namespace: namespace!, name: podName! };
  };
  return asked
    .flatMap(({ among, ports }) => questionsOf({ by: "probe", pods: among.map(pod), ports }))
    .filter(({ from, to, port }) => {
      const source = cluster.get("Pod", from.namespace, from.name)!;
      const target = cluster.get("Pod", to.namespace, to.name)!;
      return !cluster.allows({
        source: { pod: source },
        destination: { pod: target },
        protocol: "TCP",
        port,
      });
    })
    .map(({ from, to, port }) => `${from.namespace}/${from.name} -> ${to.namespace}/${to.name}:${port}`)
    .sort();
}
