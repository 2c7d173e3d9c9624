import { type ListedPeer, type Pod, PortSet, portSetText } from "@portcullis/engine";
import { expect, test } from "vitest";
import { parsePortFilter, portsTowards } from "./port-filter.ts";

test("ports that are given several times are all of them", () => {
  expect(portSetText(parsePortFilter(["80", "udp/53", "81-90"]).fixed)).toBe("TCP 80-90 UDP 53");
});

test("a name means the ports that the destination calls so", () => {
  const pod = (ports: Pod["ports"]): Pod => ({
    kind: "Pod",
    namespace: "a",
    name: "p",
    labels: {},
    addresses: [],
    hostNetwork: false,
    phase: "Running",
    ports,
  });
  const peer = (...pods: Pod[]): ListedPeer => ({
    kind: "pods",
    namespace: "a",
    workload: "Pod",
    name: "p",
    pods,
    whole: true,
  });
  const filter = parsePortFilter(["dns", "tcp/80"]);
  const one = pod([
    { name: "dns", port: 53, protocol: "UDP" },
    { name: "dns", port: 5353, protocol: "TCP" },
    { name: "web", port: 8080, protocol: "TCP" },
  ]);
  expect(portSetText(portsTowards(filter, peer(one)))).toBe("TCP 80,5353 UDP 53");
  expect(portSetText(portsTowards(parsePortFilter(["udp/dns"]), peer(one)))).toBe("UDP 53");
  expect(portsTowards(parsePortFilter(["dns"]), { kind: "outside", cidrs: [] })).toBe(PortSet.none);
});

test.each(["0", "65536", "90-80", "tcp/", "icmp/8", "ftp/21", "8080/tcp/x", "-1", "a_b", ""])(
  "--port %j is a mistake",
  (text) => {
    expect(() => parsePortFilter([text])).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining("--port") }),
    );
  },
);
