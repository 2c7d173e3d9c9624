import { Cluster } from "@portcullis/engine";
import { FakeKernel } from "../fake-kernel.ts";
import { nodeAddresses } from "../model-world.ts";
import type { Subject } from "../run.ts";
import { applyTo } from "./apply-to.ts";
import { openModel } from "./model.ts";

/** The generated ruleset, evaluated in memory, packet by packet. */
export const fakeSubject: Subject = {
  name: "ruleset",
  excuse: ({ via, onNode }) => {
    if (via === "service") return "address translation is not the ruleset's; the kernel is asked";
    if (onNode) return "what a node sends is never forwarded";
    return undefined;
  },
  open: (topology) => {
    const cluster = new Cluster();
    const kernel = new FakeKernel();
    return openModel(topology, {
      apply: async (changes) => {
        applyTo(cluster, changes);
        await kernel.enforce(cluster);
      },
      // A packet has addresses, and nothing that says whose they are.
      judge: (_, { source, destination, ...rest }) => {
        const [from, to] = [source.address!, destination.address!];
        const isNode = nodeTexts.has(to.text);
        return kernel.passes(
          { source: { address: from }, destination: { address: to }, ...rest },
          isNode ? "input" : "forward",
        );
      },
    });
  },
};

const nodeTexts = new Set<string>(Object.values(nodeAddresses));
