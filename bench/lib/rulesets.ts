import { runTool } from "./network-namespace.ts";

// What Portcullis' ruleset is held against.

/** The least that a stateful filter does: look the connection up, let it pass. */
export const conntrackOnly: readonly string[] = [
  `table inet bench {
  chain c_forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
    accept
  }
}
`,
];

/** An unprivileged user's nft cannot send more than 208 KiB at a time: about 790 such rules. */
const rulesPerTransaction = 500;

/**
 * A chain that looks for the pod by going through all of them, one rule a pod, as filters do that have no map. The
 * server stands in the middle: its packets pass as many rules as the mean pod's.
 */
export function linearChain(pods: readonly string[], server: string): readonly string[] {
  const skeleton = `table inet bench {
  chain c_other { drop
  }
  chain c_server { meta l4proto { tcp, udp } th dport 80 accept
    drop
  }
  chain c_forward {
    type filter hook forward priority 0; policy drop;
    ct state established,related accept
  }
}
`;
  const others = pods.filter((pod) => pod !== server);
  const middle = Math.floor(others.length / 2);
  const order = [...others.slice(0, middle), server, ...others.slice(middle)];
  const rules = order.map(
    (pod) =>
      `add rule inet bench c_forward ip daddr ${pod} jump ${pod === server ? "c_server" : "c_other"}\n`,
  );
  const transactions = [skeleton];
  for (let i = 0; i < rules.length; i += rulesPerTransaction) {
    transactions.push(rules.slice(i, i + rulesPerTransaction).join(""));
  }
  return transactions;
}

/** Loads each text as one transaction in the namespace that the thread is in. */
export function loadRuleset(transactions: readonly string[]): void {
  for (const text of transactions) runTool("nft", ["-f", "-"], text);
}
