import { type Connection, Dataplane } from "@portcullis/dataplane";
import { Cluster, type Pod, parseAddress, parseCidr } from "@portcullis/engine";
import { FakeNft } from "@portcullis/nft";
import { newPacket } from "@portcullis/nft/testing";
import { expect, test } from "vitest";

// Between the moment in which a pod has its address and the one in which its rules are in the kernel.

const addresses = {
  known: ["10.244.0.1", "fd00:10:244::1"],
  new: ["10.244.0.2", "fd00:10:244::2"],
  outside: ["192.0.2.1", "2001:db8::1"],
} as const;

const pod = (name: "known" | "new"): Pod => ({
  kind: "Pod",
  namespace: "default",
  name,
  labels: {},
  addresses: addresses[name].map((text) => parseAddress(text)!),
  hostNetwork: false,
  phase: "Running",
  ports: [],
});

test.each([0, 1] as const)(
  "a pod that is not programmed yet is closed both ways, and then open (family %i)",
  async (family) => {
    const nft = new FakeNft();
    const connections = { list: async (): Promise<readonly Connection[]> => [], cut: async () => {} };
    const podCidrs = ["10.244.0.0/16", "fd00:10:244::/64"].map((text) => parseCidr(text)!);
    const dataplane = new Dataplane({ nft, connections, podCidrs });
    const cluster = new Cluster();
    for (const name of ["known", "new"] as const) cluster.upsert(pod(name));
    const passes = (from: keyof typeof addresses, to: keyof typeof addresses) =>
      nft.evaluate(newPacket(addresses[from][family], addresses[to][family])).verdict;

    await dataplane.apply(cluster.program(({ name }) => name === "known"));
    expect(passes("known", "outside")).toBe("accept");
    for (const other of ["known", "outside"] as const) {
      expect(passes(other, "new")).toBe("drop");
      expect(passes("new", other)).toBe("drop");
    }
    await dataplane.apply(cluster.program(() => true));
    for (const other of ["known", "outside"] as const) {
      expect(passes(other, "new")).toBe("accept");
      expect(passes("new", other)).toBe("accept");
    }
  },
);
