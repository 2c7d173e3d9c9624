import { type Address, type Endpoint, type Flow, type Pod, parseAddress } from "@portcullis/engine";
import type { Cell, Topology } from "../case.ts";
import { type ModelChange, ModelWorld } from "../model-world.ts";
import { splitRef } from "../objects.ts";
import type { Answer, Question, Session } from "../run.ts";

/** What a subject without a kernel has to offer. */
export interface Model {
  apply(changes: readonly ModelChange[]): Promise<void>;
  /** @param flow Pods by name, with the addresses that the cell means. */
  judge(cell: Cell, flow: Flow): Answer;
}

/** A session on a model: the world keeps names and addresses, the model answers. */
export async function openModel(topology: Topology, model: Model): Promise<Session> {
  const world = new ModelWorld();
  await model.apply([...world.start(topology)]);
  return {
    change: async (changes) => model.apply(changes.flatMap((change) => [...world.change(change)])),
    judge: async (questions) => questions.map((question) => model.judge(question, flowOf(question, world))),
    close: async () => {},
  };
}

function flowOf({ from, to, protocol, port, family }: Question, world: ModelWorld): Flow {
  const end = (place: string): Endpoint => {
    const address = parsed(world.address(place, family)!);
    return place === "node" ? { address } : { address, pod: named(place) };
  };
  return { source: end(from), destination: end(to), protocol, port };
}

/** The same few texts are asked for hundreds of thousands of times. */
function parsed(text: string): Address {
  const known = addresses.get(text) ?? parseAddress(text)!;
  addresses.set(text, known);
  return known;
}

const addresses = new Map<string, Address>();

/** A pod by its name alone: what it is, the subject has to know. */
function named(ref: string): Pod {
  const [namespace, name] = splitRef(ref);
  return {
    kind: "Pod",
    namespace,
    name,
    labels: {},
    addresses: [],
    hostNetwork: false,
    phase: "Running",
    ports: [],
  };
}
