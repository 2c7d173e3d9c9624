import { parseAddress } from "@portcullis/engine";
import { asList, asString } from "../json.ts";
import { IpAllocator } from "./ip-allocator.ts";
import type { FieldError } from "./resource-def.ts";

type Spec = Readonly<Record<string, unknown>>;
export type IpFamily = "IPv4" | "IPv6";

/** The Service address ranges of the cluster, one or two families; the first is the family of single-stack Services. */
export class ClusterIps {
  readonly #allocators = new Map<IpFamily, IpAllocator>();

  /** Throws RangeError for a text that is no CIDR, or two of one family. */
  constructor(cidrs: readonly string[]) {
    for (const text of cidrs) {
      const allocator = new IpAllocator(text);
      const family = familyOf(allocator.cidr.family);
      if (this.#allocators.has(family)) throw new RangeError(`two Service ranges of ${family}`);
      this.#allocators.set(family, allocator);
    }
    if (this.#allocators.size === 0) throw new RangeError("a cluster needs a Service range");
  }

  /** The cluster's families, the primary one first. */
  get families(): readonly IpFamily[] {
    return [...this.#allocators.keys()];
  }

  /** The spec with the families and addresses that it does not name itself, or why that cannot be. All or nothing. */
  assign(spec: Spec): Spec | FieldError {
    if (spec.type === "ExternalName") return withoutAddresses(spec);
    const asked = requestedIps(spec);
    const families = this.#familiesFor(spec, asked);
    if (!Array.isArray(families)) return families as FieldError;
    const headless = asked[0] === "None";
    const clusterIPs: string[] = [];
    for (const [index, family] of families.entries()) {
      const given = headless ? "None" : this.#take(family as IpFamily, asked[index]);
      if (typeof given !== "string") {
        this.release({ clusterIPs });
        return { ...given, message: `Invalid value: ${JSON.stringify(asked)}: ${given.message}` };
      }
      clusterIPs.push(given);
    }
    const policy = spec.ipFamilyPolicy ?? (this.families.length > 1 ? "PreferDualStack" : "SingleStack");
    const ips = headless ? ["None"] : clusterIPs;
    return { ...spec, clusterIP: ips[0], clusterIPs: ips, ipFamilies: families, ipFamilyPolicy: policy };
  }

  release(spec: Spec): void {
    for (const text of asList(spec.clusterIPs)) {
      const address = parseAddress(asString(text));
      if (address !== undefined) this.#allocators.get(familyOf(address.family))?.release(address);
    }
  }

  /** Takes the addresses that a Service is known to have. */
  restore(spec: Spec): void {
    for (const text of asList(spec.clusterIPs)) {
      const address = parseAddress(asString(text));
      if (address !== undefined) this.#allocators.get(familyOf(address.family))?.take(address);
    }
  }

  #familiesFor(spec: Spec, asked: readonly string[]): readonly IpFamily[] | FieldError {
    const named = asList(spec.ipFamilies) as readonly IpFamily[];
    const unknown = named.findIndex((family) => !this.#allocators.has(family));
    if (unknown >= 0) {
      const message = `Invalid value: ${JSON.stringify(named[unknown])}: not configured on this cluster`;
      return { path: `spec.ipFamilies[${unknown}]`, message, code: "invalid" };
    }
    const ofAddresses = asked.flatMap((text) => {
      const address = parseAddress(text);
      return address === undefined ? [] : [familyOf(address.family)];
    });
    for (const [index, family] of ofAddresses.entries()) {
      const wanted = named[index];
      if (wanted === undefined || wanted === family) continue;
      const message = `Invalid value: ${JSON.stringify(asked[index])}: expected an ${wanted} value as indicated by \`ipFamilies[${index}]\``;
      return { path: `spec.clusterIPs[${index}]`, message, code: "invalid" };
    }
    const explicit = [...new Set([...named, ...ofAddresses])];
    const policy = spec.ipFamilyPolicy ?? "PreferDualStack";
    if (policy === "RequireDualStack" && this.families.length < 2) {
      const message =
        'Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services';
      return { path: "spec.ipFamilyPolicy", message, code: "invalid" };
    }
    if (policy === "SingleStack") {
      if (explicit.length > 1) {
        const message =
          'Invalid value: "SingleStack": must be `RequireDualStack` or `PreferDualStack` when more than one IP family is specified';
        return { path: "spec.ipFamilyPolicy", message, code: "invalid" };
      }
      return explicit.length === 1 ? explicit : this.families.slice(0, 1);
    }
    return [...new Set([...explicit, ...this.families])];
  }

  #take(family: IpFamily, wanted: string | undefined): string | FieldError {
    const refuse = (why: string): FieldError => ({ path: "spec.clusterIPs", message: why, code: "invalid" });
    const allocator = this.#allocators.get(family);
    if (allocator === undefined) return refuse(`${family} is not configured on this cluster`);
    if (wanted === undefined) {
      const address = allocator.allocate();
      return address?.text ?? refuse("failed to allocate a serviceIP: range is full");
    }
    const address = parseAddress(wanted);
    const outcome = address === undefined ? "out of range" : allocator.take(address);
    if (outcome === "taken") return address!.text;
    const why =
      outcome === "already allocated"
        ? "provided IP is already allocated"
        : `the provided IP (${wanted}) is not in the valid range. The range of valid IPs is ${allocator.cidr.text}`;
    return refuse(`failed to allocate IP ${wanted}: ${why}`);
  }
}

/** The addresses that the client asks for; `clusterIP` stands for the first. */
export function requestedIps(spec: Spec): readonly string[] {
  const ips = asList(spec.clusterIPs).map(asString);
  const first = asString(spec.clusterIP);
  return ips.length > 0 ? ips : first === "" ? [] : [first];
}

function withoutAddresses(spec: Spec): Spec {
  const { clusterIP: _ip, clusterIPs: _ips, ipFamilies: _families, ipFamilyPolicy: _policy, ...rest } = spec;
  return rest;
}

function familyOf(family: 4 | 6): IpFamily {
  return family === 4 ? "IPv4" : "IPv6";
}
