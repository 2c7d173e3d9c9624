import { type Pod, PortSet } from "@portcullis/engine";
import { expect, test } from "vitest";
import { examplePort } from "./example-port.ts";

const pod = { ports: [{ protocol: "TCP", port: 5432 }] } as unknown as Pod;
const udp = PortSet.of([{ protocol: "UDP", from: 53, to: 60 }]);

test("a port that says something", () => {
  expect(examplePort(PortSet.all, pod)).toEqual({ protocol: "TCP", port: 5432 });
  expect(examplePort(PortSet.all, undefined)).toEqual({ protocol: "TCP", port: 80 });
  expect(examplePort(udp, pod)).toEqual({ protocol: "UDP", port: 53 });
  expect(examplePort(PortSet.icmp, pod)).toEqual({ protocol: "ICMP", port: 0 });
});
