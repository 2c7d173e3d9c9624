/** User CPU seconds that another analyser took for the whole of its command, on one core of a two-core machine. */
interface PeerFigure {
  readonly peer: string;
  /** The least of its runs; of one that did not finish, when it was given up. */
  readonly seconds: number;
  readonly finished: boolean;
}

/**
 * What others took, in November 2026, for clusters of these sizes with the mix of policies that `policyOfMix` has: np-guard
 * netpol-analyzer (`list`, all ports), policy-assistant (TCP 80 alone) and network-config-analyzer. They are programs in Go and
 * Python that neither the npm registry nor Debian has, so that they cannot run beside ours: ratios to these figures hold between
 * orders of magnitude, not between percents.
 */
export const peerFigures: readonly {
  readonly pods: number;
  readonly policies: number;
  readonly peers: readonly PeerFigure[];
}[] = [
  { pods: 100, policies: 25, peers: [took("np-guard", 0.65)] },
  {
    pods: 200,
    policies: 50,
    peers: [took("np-guard", 4), took("policy-assistant", 2.1), took("network-config-analyzer", 2.5)],
  },
  { pods: 400, policies: 100, peers: [took("np-guard", 43.9), took("network-config-analyzer", 9)] },
  {
    pods: 1_000,
    policies: 200,
    peers: [
      { peer: "np-guard", seconds: 1_800, finished: false },
      took("policy-assistant", 54),
      took("network-config-analyzer", 75),
    ],
  },
];

function took(peer: string, seconds: number): PeerFigure {
  return { peer, seconds, finished: true };
}

/** `np-guard 43.9 s (110×), network-config-analyzer 9 s (22×)`: theirs, and how many of ours they are. */
export function besideOurs(peers: readonly PeerFigure[], ours: number): string {
  return peers
    .map(({ peer, seconds, finished }) => {
      const times = Number((seconds / ours).toPrecision(2));
      return `${peer} ${finished ? "" : "over "}${seconds} s (${finished ? "" : "over "}${times}×)`;
    })
    .join(", ");
}
