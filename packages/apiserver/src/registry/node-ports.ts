import { asList, asRecord } from "../json.ts";
import type { FieldError } from "./resource-def.ts";

type Spec = Readonly<Record<string, unknown>>;

const first = 30_000;
const last = 32_767;
/** Given out last (KEP-3668), so that ports picked by hand seldom collide: a 32nd of the range. */
const bandEnd = first + 86;

/** Ports of nodes that Services have: 30000 to 32767, each for one Service. */
export class NodePorts {
  readonly #used = new Set<number>();

  /**
   * The spec with a node's port for each port, or why that cannot be; all or nothing. Ports that `old` has are kept, and
   * those that are left over are free again.
   */
  assign(spec: Spec, old: Spec = {}): Spec | FieldError {
    const had = portsOf(old);
    const allocates = allocationOf(spec);
    if (allocates === "none") return this.#giveUp(spec, had);
    const taken: number[] = [];
    const ports: Spec[] = [];
    const wanted = new Set(portsOf(spec));
    for (const [index, each] of asList(spec.ports).entries()) {
      const port = asRecord(each);
      const before = sameService(port, old, wanted) ?? sameNumber(port, ports);
      if (allocates === "asked" && !port.nodePort && before === undefined) {
        ports.push(port);
        continue;
      }
      const given = this.#give(port.nodePort || before, new Set([...had, ...taken]));
      if (typeof given === "string") {
        this.#free(taken.filter((number) => !had.includes(number)));
        const message = `Invalid value: ${JSON.stringify(port.nodePort ?? 0)}: ${given}`;
        return { path: `spec.ports[${index}].nodePort`, message, code: "invalid" };
      }
      taken.push(given);
      ports.push({ ...port, nodePort: given });
    }
    this.#free(had.filter((number) => !taken.includes(number)));
    return { ...spec, ports };
  }

  release(spec: Spec): void {
    this.#free(portsOf(spec));
  }

  /** Takes the ports that a Service is known to have. */
  restore(spec: Spec): void {
    for (const port of portsOf(spec)) this.#used.add(port);
  }

  /** The port, or why it cannot be had. `own` are the Service's. */
  #give(wanted: unknown, own: ReadonlySet<number>): number | string {
    if (typeof wanted !== "number") {
      const port = this.#lowestFree();
      if (port === undefined) return "failed to allocate a nodePort: range is full";
      this.#used.add(port);
      return port;
    }
    if (wanted < first || wanted > last) {
      return `provided port is not in the valid range. The range of valid ports is ${first}-${last}`;
    }
    if (this.#used.has(wanted) && !own.has(wanted)) return "provided port is already allocated";
    this.#used.add(wanted);
    return wanted;
  }

  /** Ports go with the type that had them; new ones are refused. */
  #giveUp(spec: Spec, had: readonly number[]): Spec | FieldError {
    if (!Array.isArray(spec.ports)) return spec;
    const ports = spec.ports.map((each: unknown) => {
      const { nodePort, ...rest } = asRecord(each);
      return typeof nodePort !== "number" || nodePort === 0 || had.includes(nodePort) ? rest : each;
    });
    const refused = ports.findIndex((port) => asRecord(port).nodePort !== undefined);
    if (refused >= 0) {
      const message = "Forbidden: may not be used when `type` is 'ClusterIP'";
      return { path: `spec.ports[${refused}].nodePort`, message, code: "forbidden" };
    }
    this.#free(had);
    return { ...spec, ports };
  }

  #lowestFree(): number | undefined {
    for (let port = bandEnd; port <= last; port++) if (!this.#used.has(port)) return port;
    for (let port = first; port < bandEnd; port++) if (!this.#used.has(port)) return port;
    return undefined;
  }

  #free(ports: readonly number[]): void {
    for (const port of ports) this.#used.delete(port);
  }
}

/** Which ports of a Service get one of the node: all, those that ask for a certain one, or none. */
function allocationOf({ type, allocateLoadBalancerNodePorts }: Spec): "all" | "asked" | "none" {
  if (type === "NodePort") return "all";
  if (type !== "LoadBalancer") return "none";
  return allocateLoadBalancerNodePorts === false ? "asked" : "all";
}

function portsOf(spec: Spec): number[] {
  return asList(spec.ports).flatMap((each) => {
    const { nodePort } = asRecord(each);
    return typeof nodePort === "number" && nodePort > 0 ? [nodePort] : [];
  });
}

/** What the Service had for the same port and protocol, unless another of its ports asks for that now. */
function sameService(port: Spec, old: Spec, wanted: ReadonlySet<number>): number | undefined {
  const before = asList(old.ports)
    .map(asRecord)
    .find((each) => each.port === port.port && each.protocol === port.protocol);
  const nodePort = before?.nodePort;
  return typeof nodePort === "number" && nodePort > 0 && !wanted.has(nodePort) ? nodePort : undefined;
}

/** A port number of two protocols is the same one on the node. */
function sameNumber(port: Spec, ports: readonly Spec[]): number | undefined {
  return ports.find((each) => each.port === port.port)?.nodePort as number | undefined;
}
