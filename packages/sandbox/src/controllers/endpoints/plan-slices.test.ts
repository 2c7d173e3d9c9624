import fc from "fast-check";
import { expect, test } from "vitest";
import type { PodObject } from "../objects/workload.ts";
import { membersOf } from "./members.ts";
import { planSlices } from "./plan-slices.ts";
import type { EndpointSlice, ServiceObject } from "./service-object.ts";

const service: ServiceObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "default", uid: "s" },
  spec: { selector: { app: "web" }, ports: [{ port: 80 }], ipFamilies: ["IPv4"] },
};

function pod(index: number): PodObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `p${index}`, namespace: "default", uid: `u${index}`, labels: { app: "web" } },
    spec: {},
    status: { podIP: `10.244.${index >> 8}.${index & 255}`, conditions: [{ type: "Ready", status: "True" }] },
  };
}

let names = 0;
function carryOut(slices: readonly EndpointSlice[], indexes: readonly number[]) {
  const plan = planSlices(service, membersOf(service, indexes.map(pod)), slices);
  const updated = new Map(plan.update.map((slice) => [slice.metadata.name, slice]));
  const kept = slices.filter((slice) => !plan.remove.includes(slice));
  const created = plan.create.map(
    (slice) =>
      ({ ...slice, metadata: { ...slice.metadata, name: `s${++names}` } }) as unknown as EndpointSlice,
  );
  return { plan, slices: [...kept.map((slice) => updated.get(slice.metadata.name) ?? slice), ...created] };
}

const addresses = (slices: readonly EndpointSlice[]) =>
  slices.flatMap(({ endpoints }) => endpoints ?? []).map((endpoint) => endpoint.addresses[0]);

test("any history of pods ends in slices of at most a hundred with each pod once, and then rests", () => {
  const pods = fc.uniqueArray(fc.nat(400), { maxLength: 350 });
  const property = fc.property(fc.array(pods, { minLength: 1, maxLength: 5 }), (states) => {
    let slices: readonly EndpointSlice[] = [];
    for (const state of states) slices = carryOut(slices, state).slices;
    const last = states.at(-1)!;
    expect(addresses(slices).sort()).toEqual(last.map((index) => pod(index).status!.podIP!).sort());
    for (const { endpoints } of slices) expect((endpoints ?? []).length).toBeLessThanOrEqual(100);
    expect(carryOut(slices, last).plan).toEqual({ create: [], update: [], remove: [] });
  });
  fc.assert(property, { seed: 20261123, numRuns: 40 });
});

test("a pod that goes changes one slice of three", () => {
  const all = Array.from({ length: 250 }, (_, index) => index);
  const { slices } = carryOut([], all);
  expect(slices).toHaveLength(3);
  const { plan } = carryOut(slices, all.slice(1));
  expect([plan.create.length, plan.update.length, plan.remove.length]).toEqual([0, 1, 0]);
});
