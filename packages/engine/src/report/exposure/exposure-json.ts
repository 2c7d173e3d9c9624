import type { ExposedPeer } from "../../exposure/exposed-peer.ts";
import type { ExposedSide, Exposure, ExposureCounts } from "../../exposure/exposure.ts";
import type { BackendAccess } from "../../exposure/ingress-access.ts";
import type { Opening } from "../../exposure/opening.ts";
import { type PortSetJson, portSetJson } from "../connections/connections-data.ts";
import { type ListedPeerJson, listedPeerJson } from "../listed-peer-json.ts";
import {
  type DirectionJson,
  directionJson,
  place,
  type RuleJson,
  ruleJson,
} from "../verdict/verdict-json.ts";
import { policyName } from "../verdict/words.ts";

/** For programs. Fields may be added in later versions; none is renamed or changes its meaning. */
export interface ExposureJson {
  readonly kind: "Exposure";
  readonly counts: ExposureCounts;
  readonly sides: readonly {
    readonly workload: ListedPeerJson;
    readonly direction: ExposedSide["direction"];
    readonly isolation: ExposedSide["isolation"];
    readonly isolatedBy: readonly {
      readonly policy: string;
      readonly file?: string;
      readonly line?: number;
    }[];
    readonly openings: readonly OpeningJson[];
  }[];
  readonly ingresses: readonly BackendJson[];
}

interface OpeningJson {
  readonly who:
    | { readonly kind: "anyone" }
    | { readonly kind: "addresses"; readonly cidrs: readonly string[] }
    /** Selectors in kubectl's notation, `*` for everything. `namespace` is a name, and stands in place of a selector. */
    | {
        readonly kind: "pods";
        readonly namespace?: string;
        readonly namespaceSelector?: string;
        readonly podSelector: string;
      };
  readonly ports: PortSetJson;
  /** Names of ports that each destination resolves for itself: `TCP http`. */
  readonly portNames: readonly string[];
  readonly rules: readonly RuleJson[];
  /** Rules that open nothing beyond this. */
  readonly covers: readonly RuleJson[];
}

interface BackendJson {
  /** `namespace/name` of the Ingress. */
  readonly ingress: string;
  readonly route: string;
  readonly service: string;
  readonly port: number | string;
  readonly state: BackendAccess["state"];
  readonly pods: readonly {
    readonly pod: string;
    readonly port: number;
    readonly verdicts: readonly {
      readonly allowed: boolean;
      readonly egress: DirectionJson;
      readonly ingress: DirectionJson;
    }[];
    readonly openings: readonly OpeningJson[];
  }[];
}

export function exposureJson({ sides, counts }: Exposure, ingresses: readonly BackendAccess[]): ExposureJson {
  return {
    kind: "Exposure",
    counts,
    sides: sides.map(({ peer, direction, isolation, isolatedBy, openings }) => ({
      workload: listedPeerJson(peer),
      direction,
      isolation,
      isolatedBy: isolatedBy.map((policy) => ({ policy: policyName(policy), ...place(policy.range) })),
      openings: openings.map(openingJson),
    })),
    ingresses: ingresses.map(backendJson),
  };
}

function openingJson({ who, ports, rules, covers }: Opening): OpeningJson {
  return {
    who: whoJson(who),
    ports: portSetJson(ports.numbers),
    portNames: [...ports.names].sort(),
    rules: rules.map(ruleJson),
    covers: covers.map(ruleJson),
  };
}

function whoJson(who: ExposedPeer): OpeningJson["who"] {
  if (who.kind === "anyone") return { kind: "anyone" };
  if (who.kind === "addresses") return { kind: "addresses", cidrs: who.cidrs.map(({ text }) => text) };
  const { namespaces, pods } = who;
  return {
    kind: "pods",
    ...("name" in namespaces
      ? { namespace: namespaces.name }
      : { namespaceSelector: namespaces.selector.text }),
    podSelector: pods.text,
  };
}

function backendJson({ backend, state, pods }: BackendAccess): BackendJson {
  const { namespace, name, route, service, port } = backend;
  return {
    ingress: `${namespace}/${name}`,
    route,
    service: `${namespace}/${service}`,
    port,
    state,
    pods: pods.map(({ pod, port: number, verdicts, openings }) => ({
      pod: `${pod.namespace}/${pod.name}`,
      port: number,
      verdicts: verdicts.map(({ allowed, egress, ingress }) => ({
        allowed,
        egress: directionJson(egress),
        ingress: directionJson(ingress),
      })),
      openings: openings.map(openingJson),
    })),
  };
}
