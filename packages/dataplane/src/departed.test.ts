import { expect, test } from "vitest";
import { departedAddresses, departedPods } from "./departed.ts";
import { Renderer } from "./render.ts";
import { apiFromWeb, clusterOf, localProgram } from "./test-cluster.testing.ts";
import { addresses } from "./test-node.testing.ts";

/** The programs with all pods, and without `job`. */
function programs() {
  const cluster = clusterOf(apiFromWeb);
  const before = localProgram(cluster);
  cluster.delete("Pod", "default", "job");
  return { cluster, before, after: localProgram(cluster) };
}

test("of a table that a predecessor left, the addresses that no pod has any more", () => {
  const { before, after } = programs();
  const renderer = new Renderer({ podCidrs: [], denied: "drop", flows: false });
  const [found, desired] = [before, after].map((program) => renderer.render(program).table);
  expect(departedAddresses(found!, desired!)).toEqual(addresses.job);
  expect(departedAddresses(desired!, found!)).toEqual([]);
  expect(departedAddresses(found!, found!)).toEqual([]);
});

test("of two programs, the addresses that a pod had and has no more, or that another has now", () => {
  const { cluster, before, after } = programs();
  expect(departedPods(before, after)).toEqual(addresses.job);
  expect(departedPods(undefined, after)).toEqual([]);
  expect(departedPods(after, before)).toEqual([]);
  const heir = {
    ...cluster.get("Pod", "default", "web")!,
    name: "heir",
    addresses: before.pods[1]!.addresses,
  };
  cluster.upsert(heir);
  const inherited = localProgram(cluster);
  expect(before.pods[1]!.key).toBe("default/job");
  expect(departedPods(before, inherited)).toEqual(addresses.job);
});
