import { expect, test } from "vitest";
import { PortSet } from "../net/port-set.ts";
import { connections } from "./connections.ts";
import { generatedCluster } from "./generated-cluster.testing.ts";

const tcp80 = PortSet.of([{ protocol: "TCP", from: 80, to: 80 }]);

// What other analysers count on the same clusters, a pod and itself left out.
test.each([
  [200, 50, 10_359],
  [1000, 200, 293_236],
])("of %i pods and %i policies, %i pairs may speak on TCP 80", (pods, policies, pairs) => {
  const reach = generatedCluster(pods, policies).reachability();
  expect(reach.countPairs("TCP", 80)).toBe(pairs + pods);
  let listed = 0;
  for (const { source, destination } of connections(reach, { within: tcp80 })) {
    if (source.kind === "pods" && destination.kind === "pods") listed++;
  }
  expect(listed).toBe(pairs);
});
