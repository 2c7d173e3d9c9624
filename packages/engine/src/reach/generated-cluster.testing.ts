// The clusters that other analysers were measured and compared on (`gen-cluster.py`, seed 1): Pods in namespaces with
// labels app, tier and team, and a fixed mix of policies. Counts of allowed pairs are known for some sizes.
import type { Cluster } from "../cluster/cluster.ts";
import { clusterOf } from "../cluster/objects.testing.ts";
import { readManifest } from "../manifest/read-manifest.ts";

/** Python's `random.Random(seed)`, as far as the generator uses it: MT19937 seeded by an array of one word. */
class PythonRandom {
  readonly #state = new Uint32Array(624);
  #at = 624;

  constructor(seed: number) {
    const state = this.#state;
    state[0] = 19650218;
    for (let i = 1; i < 624; i++)
      state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
    let i = 1;
    const step = (factor: number, add: number) => {
      state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), factor)) + add;
      if (++i < 624) return;
      state[0] = state[623]!;
      i = 1;
    };
    for (let k = 0; k < 624; k++) step(1664525, seed);
    for (let k = 0; k < 623; k++) step(1566083941, -i);
    state[0] = 0x80000000;
  }

  below(limit: number): number {
    const shift = Math.clz32(limit);
    for (;;) {
      const drawn = this.#next() >>> shift;
      if (drawn < limit) return drawn;
    }
  }

  choice<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  two<T>(items: readonly T[]): readonly T[] {
    const pool = [...items];
    return [0, 1].map((drawn) => {
      const left = pool.length - drawn;
      const at = this.below(left);
      const item = pool[at]!;
      pool[at] = pool[left - 1]!;
      return item;
    });
  }

  #next(): number {
    const state = this.#state;
    if (this.#at === 624) {
      for (let k = 0; k < 624; k++) {
        const y = (state[k]! & 0x80000000) | (state[(k + 1) % 624]! & 0x7fffffff);
        state[k] = state[(k + 397) % 624]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
      }
      this.#at = 0;
    }
    let y = state[this.#at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }
}

const tiers = ["web", "api", "db", "cache"];

/** The cluster of this many pods and policies. */
export function generatedCluster(pods: number, policies: number): Cluster {
  const random = new PythonRandom(1);
  const count = Math.max(2, Math.floor(pods / 50));
  const namespaces = Array.from({ length: count }, (_, at) => ({
    name: `ns-${String(at).padStart(3, "0")}`,
    labels: { team: `t${at % 5}`, env: ["prod", "dev", "stage"][at % 3]! },
  }));
  const objects: object[] = [...namespaces, { name: "kube-system", labels: {} }].map((metadata) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata,
  }));
  for (let at = 0; at < pods; at++) {
    const { name: namespace, labels } = namespaces[at % count]!;
    const app = `app${random.below(10)}`;
    const tier = random.choice(tiers);
    const ip = `10.${(at >> 16) & 255}.${(at >> 8) & 255}.${at & 255}`;
    const ports = [
      { containerPort: 80, protocol: "TCP", name: "web" },
      { containerPort: 8080, protocol: "TCP", name: "alt" },
      { containerPort: 53, protocol: "UDP", name: "dns" },
    ];
    objects.push({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `p${String(at).padStart(5, "0")}`,
        namespace,
        labels: { app, tier, team: labels.team },
      },
      spec: { containers: [{ name: "c", image: "i", ports }] },
      status: { phase: "Running", podIP: ip, podIPs: [{ ip }] },
    });
  }
  const cidrs = Array.from(
    { length: 8 },
    () => `${1 + random.below(8)}${random.below(10)}.${random.below(256)}.0.0/16`,
  );
  for (let at = 0; at < policies; at++) {
    const namespace = random.choice(namespaces).name;
    objects.push({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: `np${String(at).padStart(5, "0")}`, namespace },
      spec: policySpec(at % 20, random, cidrs),
    });
  }
  const { objects: read, diagnostics } = readManifest(
    objects.map((each) => JSON.stringify(each)).join("\n---\n"),
    "generated",
  );
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics[0]));
  return clusterOf(...read);
}

/** The order in which it draws is the generator's. */
function policySpec(kind: number, random: PythonRandom, cidrs: readonly string[]): object {
  const labels = (matchLabels: object) => ({ matchLabels });
  const app = () => labels({ app: `app${random.below(10)}` });
  const ingress = (podSelector: object, from: object, ports?: readonly object[]) => ({
    podSelector,
    policyTypes: ["Ingress"],
    ingress: [{ from: [from], ...(ports && { ports }) }],
  });
  if (kind < 2) return { podSelector: {}, policyTypes: ["Ingress"] };
  if (kind === 2) return { podSelector: labels({ tier: "db" }), policyTypes: ["Ingress", "Egress"] };
  if (kind < 10) {
    const [subject, from] = [app(), app()];
    return ingress(subject, { podSelector: from }, [
      { protocol: "TCP", port: random.choice([80, 8080, 443]) },
    ]);
  }
  if (kind < 13) {
    const [subject, team] = [app(), random.below(5)];
    const from = {
      namespaceSelector: labels({ team: `t${team}` }),
      podSelector: labels({ tier: random.choice(tiers) }),
    };
    return ingress(subject, from, [
      { protocol: "TCP", port: 80 },
      { protocol: "UDP", port: 53 },
    ]);
  }
  const not = (key: string, value: string) => ({
    matchExpressions: [{ key, operator: "NotIn", values: [value] }],
  });
  if (kind < 15) {
    const subject = { matchExpressions: [{ key: "tier", operator: "In", values: random.two(tiers) }] };
    return ingress(subject, {
      namespaceSelector: not("env", "dev"),
      podSelector: not("app", `app${random.below(10)}`),
    });
  }
  if (kind === 15) return ingress(app(), { namespaceSelector: {} }, [{ protocol: "TCP", port: "web" }]);
  if (kind < 18) {
    const [podSelector, to] = [app(), app()];
    return {
      podSelector,
      policyTypes: ["Egress"],
      egress: [
        { to: [{ podSelector: to }], ports: [{ protocol: "TCP", port: 80 }] },
        {
          to: [{ namespaceSelector: labels({ "kubernetes.io/metadata.name": "kube-system" }) }],
          ports: [{ protocol: "UDP", port: 53 }],
        },
      ],
    };
  }
  if (kind === 18) {
    const cidr = random.choice(cidrs);
    const ipBlock = { cidr, except: [cidr.replace(".0.0/16", ".128.0/17")] };
    return ingress(app(), { ipBlock }, [{ protocol: "TCP", port: 443 }]);
  }
  const podSelector = app();
  const to = [{ ipBlock: { cidr: random.choice(cidrs) } }];
  return {
    podSelector,
    policyTypes: ["Egress"],
    egress: [{ to, ports: [{ protocol: "TCP", port: 30000, endPort: 32767 }] }],
  };
}
