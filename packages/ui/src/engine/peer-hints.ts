import type { Cluster, PolicyRule } from "@portcullis/engine";

/** Where people slip: one dash or two under `from` and `to`. */
export interface PeerHint {
  /** Where the peer begins, in UTF-16 code units of the file. */
  readonly offset: number;
  /** `both`: its two selectors must hold together; `either`: this peer or the one before it is enough. */
  readonly says: "both" | "either" | "either, both";
}

/** Hints for the policies of one file, in the order of the text. */
export function peerHints(cluster: Cluster, file: string): readonly PeerHint[] {
  return cluster
    .policies()
    .filter(({ range }) => range?.file === file)
    .flatMap(({ ingress, egress }) => [...ingress, ...egress].flatMap(hintsOf))
    .sort((a, b) => a.offset - b.offset);
}

function hintsOf({ peers }: PolicyRule): readonly PeerHint[] {
  return peers.flatMap((peer, at) => {
    const both =
      peer.kind === "pods" && peer.podSelector !== undefined && peer.namespaceSelector !== undefined;
    if (peer.range === undefined || (at === 0 && !both)) return [];
    const says = at > 0 && both ? "either, both" : both ? "both" : "either";
    return [{ offset: peer.range.start.offset, says }];
  });
}
