export interface ManyPods {
  readonly pods: number;
  readonly policies: number;
  readonly seed: number;
}

const apps = ["app0", "app1", "app2", "app3", "app4", "app5"];
const tiers = ["web", "api", "db", "cache"];
const teams = ["t0", "t1", "t2"];
const ports = [
  { containerPort: 80, name: "web" },
  { containerPort: 8080, name: "alt" },
  { containerPort: 53, name: "dns", protocol: "UDP" },
];

/** A manifest of pods in three namespaces, and policies of every kind that there is. The same seed gives the same text. */
export function manyPods({ pods, policies, seed }: ManyPods): string {
  const random = new Random(seed);
  const namespaces = teams.map((team, index) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: `ns-${index}`, labels: { team, env: index === 0 ? "dev" : "prod" } },
  }));
  const objects = [
    ...namespaces,
    ...Array.from({ length: pods }, (_, index) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `p${index}`,
        namespace: `ns-${index % 3}`,
        labels: { app: random.pick(apps), tier: random.pick(tiers) },
      },
      spec: { containers: [{ name: "c", image: "registry.example/any:1", ports }] },
    })),
    ...Array.from({ length: policies }, (_, index) => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: `np${index}`, namespace: `ns-${random.below(3)}` },
      spec: spec(index, random),
    })),
  ];
  return objects.map((object) => `---\n${JSON.stringify(object)}\n`).join("");
}

/** The kinds take turns. Addresses are of the sandbox's pods, so that ipBlocks decide something. */
function spec(index: number, random: Random): object {
  const app = () => ({ matchLabels: { app: random.pick(apps) } });
  const tier = () => ({ matchLabels: { tier: random.pick(tiers) } });
  const expressions = (key: string, operator: string, values: readonly string[]) => ({
    matchExpressions: [{ key, operator, values }],
  });
  const block = `10.244.0.${16 * random.below(8)}/28`;
  const kinds: readonly (() => object)[] = [
    () => ({ podSelector: tier(), policyTypes: ["Ingress", "Egress"] }),
    () => ({
      podSelector: app(),
      ingress: [{ from: [{ podSelector: app() }, { podSelector: tier() }], ports: [{ port: 80 }] }],
    }),
    () => ({
      podSelector: tier(),
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { team: random.pick(teams) } }, podSelector: tier() }],
          ports: [{ port: "web" }, { port: "dns", protocol: "UDP" }],
        },
      ],
    }),
    () => ({
      podSelector: expressions("tier", "In", ["web", "api"]),
      ingress: [
        {
          from: [
            {
              namespaceSelector: expressions("env", "NotIn", ["dev"]),
              podSelector: expressions("app", "NotIn", [random.pick(apps)]),
            },
          ],
        },
      ],
    }),
    () => ({
      podSelector: app(),
      policyTypes: ["Egress"],
      egress: [
        { to: [{ podSelector: tier() }], ports: [{ port: 80, endPort: 8080 }] },
        { to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: "UDP" }] },
      ],
    }),
    () => ({
      podSelector: app(),
      ingress: [
        {
          from: [
            { ipBlock: { cidr: "10.244.0.0/24", except: [block] } },
            { ipBlock: { cidr: "fd00:10:244::/123" } },
          ],
        },
      ],
    }),
    () => ({
      podSelector: tier(),
      policyTypes: ["Egress"],
      egress: [
        { to: [{ ipBlock: { cidr: block } }, { ipBlock: { cidr: "::/0", except: ["fd00:10:244::/122"] } }] },
      ],
    }),
    () => ({ podSelector: app(), ingress: [{ ports: [{ port: "alt" }, { port: 53, protocol: "UDP" }] }] }),
  ];
  return kinds[index % kinds.length]!();
}

/** Mulberry32: small, and good enough to pick labels. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }
}
