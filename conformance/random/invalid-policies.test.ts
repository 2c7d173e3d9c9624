import { ApiServer } from "@portcullis/apiserver";
import { objectFromApi, readManifest, validateObject } from "@portcullis/engine";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Change, PolicySpec } from "../case.ts";
import { ModelWorld } from "../model-world.ts";
import { policyObject } from "../objects.ts";
import { randomCase } from "./random-case.ts";

const seed = Number(process.env.PORTCULLIS_SEED ?? 20_261_123);
const numRuns = Number(process.env.PORTCULLIS_RUNS ?? 400) * 5;

/** Values that are nearly right somewhere in a policy, and wrong or right elsewhere. */
const values: readonly unknown[] = [
  ...[null, true, 0, -1, 65535, 65536, 1.5, "", "tcp", "TCP", "ICMP", "http", "a_b", "x".repeat(64), "80"],
  ...[
    "10.0.0.1/8",
    "10.0.0.0/33",
    "10.0.0.0/8",
    "::/0",
    "::ffff:10.0.0.0/104",
    "In",
    "in",
    "Exists",
    "Ingress",
  ],
  ...[[], {}, [null], [{}], ["x"], { app: 1 }, { matchLabels: { "a b": "c" } }, { extra: true }],
];

const change = fc.record({
  place: fc.nat(),
  what: fc.constantFrom("replace", "remove", "add"),
  key: fc.constantFrom("port", "endPort", "protocol", "cidr", "podSelector", "values", "operator", "unknown"),
  value: fc.constantFrom(...values),
});

const policies = randomCase(3)
  .map(({ steps }) => steps.flatMap(({ changes }) => changes.filter(isApplied)))
  .filter((some) => some.length > 0);

test(`a policy that is slightly wrong is refused alike by all that read it, and leaves nothing (seed ${seed})`, () => {
  const server = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] } });
  const resource = server.registry.find("networking.k8s.io", "v1", "networkpolicies")!;
  const world = new ModelWorld();
  let [accepted, refused] = [0, 0];
  fc.assert(
    fc.property(policies, fc.array(change, { minLength: 1, maxLength: 2 }), ([one], changes) => {
      const object = structuredClone(policyObject(inDefault(one!.policy), world)) as never;
      for (const each of changes) mutate(object, each);
      const errors = validateObject(object);
      const manifest = readManifest(JSON.stringify(object), "a.json");
      const paths = manifest.diagnostics
        .filter(({ severity }) => severity === "error")
        .map(({ path }) => path);
      expect([...paths].sort()).toEqual(errors.map(({ path }) => path).sort());
      const before = server.store.revision;
      if (errors.length > 0) {
        refused += 1;
        expect(manifest.objects).toEqual([]);
        expect(() => server.registry.create(resource, object, "default")).toThrow();
        expect(server.store.revision).toBe(before);
      } else {
        accepted += 1;
        const created = server.registry.create(resource, object, "default");
        const { range: _, ...read } = withoutRanges(manifest.objects[0]) as { range: unknown };
        expect(withoutRanges(objectFromApi(created).object)).toEqual(read);
        server.registry.delete(resource, created.metadata.name, "default");
      }
    }),
    { seed, numRuns },
  );
  console.log(`policies: ${accepted} accepted, ${refused} refused (PORTCULLIS_SEED=${seed})`);
  expect(accepted).toBeGreaterThan(numRuns / 20);
  expect(refused).toBeGreaterThan(numRuns / 5);
}, 3_600_000);

function isApplied(change: Change): change is Extract<Change, { kind: "apply" }> {
  return change.kind === "apply";
}

function inDefault(policy: PolicySpec): PolicySpec {
  return { ...policy, ref: "default/np" };
}

/** Changes one place of the spec: the n-th of all that there are. */
function mutate(
  object: { spec: object },
  { place, what, key, value }: typeof change extends fc.Arbitrary<infer T> ? T : never,
) {
  const places: { holder: Record<string, unknown>; key: string }[] = [];
  const visit = (holder: object) => {
    for (const [name, child] of Object.entries(holder)) {
      places.push({ holder: holder as Record<string, unknown>, key: name });
      if (typeof child === "object" && child !== null) visit(child);
    }
  };
  visit(object.spec);
  const chosen = places[place % places.length];
  if (chosen === undefined) return;
  if (what === "replace") chosen.holder[chosen.key] = structuredClone(value);
  else if (what === "add" && !Array.isArray(chosen.holder)) chosen.holder[key] = structuredClone(value);
  else if (Array.isArray(chosen.holder)) chosen.holder.splice(Number(chosen.key), 1);
  else delete chosen.holder[chosen.key];
}

/** Positions are the manifest reader's own; the API has none. */
function withoutRanges(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutRanges);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (key === "range" ? [] : [[key, withoutRanges(each)]])),
  );
}
