import { type PortSetJson, portSetJson } from "../connections/connections-data.ts";
import { type ListedPeerJson, listedPeerJson } from "../listed-peer-json.ts";
import { type DirectionJson, directionJson } from "../verdict/verdict-json.ts";
import type { WhoCan } from "./who-can-text.ts";

/** Who may reach whom, for programs. Fields may be added in later versions; none is renamed or changes its meaning. */
export interface WhoCanJson {
  readonly kind: "WhoCan";
  /** `reach`: who reaches what was asked about; `be-reached-from`: whom it reaches. */
  readonly question: "reach" | "be-reached-from";
  readonly asked: string;
  readonly connections: readonly {
    readonly source: ListedPeerJson;
    readonly destination: ListedPeerJson;
    readonly ports: PortSetJson;
    readonly egress: DirectionJson;
    readonly ingress: DirectionJson;
  }[];
}

export function whoCanJson({ direction, asked, admissions }: WhoCan): WhoCanJson {
  return {
    kind: "WhoCan",
    question: direction === "Ingress" ? "reach" : "be-reached-from",
    asked,
    connections: admissions.map(({ subject, peer, ports, verdict }) => {
      const [source, destination] = direction === "Ingress" ? [peer, subject] : [subject, peer];
      return {
        source: listedPeerJson(source),
        destination: listedPeerJson(destination),
        ports: portSetJson(ports),
        egress: directionJson(verdict.egress),
        ingress: directionJson(verdict.ingress),
      };
    }),
  };
}
