import { expect, test } from "vitest";
import { nodeObject } from "./node-object.ts";

test("the node is described as a kubelet describes its own", () => {
  const node = nodeObject(new Date("2026-01-01T00:00:00Z"));
  expect(node.metadata.labels).toMatchObject({
    "kubernetes.io/os": "linux",
    "node-role.kubernetes.io/control-plane": "",
  });
  const { conditions, capacity, nodeInfo } = node.status;
  expect(conditions.map(({ type, status }) => `${type} ${status}`)).toEqual([
    "MemoryPressure False",
    "DiskPressure False",
    "PIDPressure False",
    "Ready True",
  ]);
  expect(conditions[3]).toMatchObject({ reason: "KubeletReady", lastHeartbeatTime: "2026-01-01T00:00:00Z" });
  expect(capacity.memory).toMatch(/^\d+Ki$/);
  expect(nodeInfo).toMatchObject({
    operatingSystem: "linux",
    containerRuntimeVersion: "portcullis://0.1.0",
    kubeletVersion: expect.stringMatching(/^v1\.34\./),
    kernelVersion: expect.stringMatching(/^\d+\./),
  });
});
