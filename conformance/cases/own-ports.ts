// Ports: ranges, names, names that mean different numbers, and ICMP, which has none.
import type { Case } from "../case.ts";
import { allow, apply, pod, pods, probes, step, topology } from "../notation.ts";

const web = (ref: string, port: number, protocol: "TCP" | "UDP" = "TCP") =>
  pod(ref, { ports: [{ name: "web", port, protocol }] });

export const portCases: readonly Case[] = [
  {
    name: "ports: endPort is the last port that is allowed",
    topology: topology("x/a y/a", {
      pods: [pod("x/r", { ports: [80, 81, 82, 83].map((port) => ({ port, protocol: "TCP" as const })) })],
    }),
    ports: probes("80,81,82,83 TCP; 81 UDP"),
    steps: [
      step(
        "81 to 82",
        [apply("x/range", "pod=r", { ingress: [allow([], ["TCP 81-82"])] })],
        "- * -> x/r",
        "+ * -> x/r @ 81,82 TCP",
      ),
      step(
        "81 to 81",
        [apply("x/range", "pod=r", { ingress: [allow([], ["TCP 81-81"])] })],
        "- * -> x/r",
        "+ * -> x/r @ 81 TCP",
      ),
      step(
        "1 to 80 and 82 to 65535, which leaves one",
        [apply("x/range", "pod=r", { ingress: [allow([], ["TCP 1-80", "TCP 82-65535"])] })],
        "- * -> x/r @ 81",
      ),
      step(
        "overlapping ranges of two rules",
        [apply("x/range", "pod=r", { ingress: [allow([], ["TCP 80-82"]), allow([], ["TCP 82-83"])] })],
        "- * -> x/r @ UDP",
      ),
      step(
        "a range on the way out",
        [
          apply("x/range", "pod=r", { ingress: [allow()] }),
          apply("y/out", "", { egress: [allow([], ["TCP 82-83"])] }),
        ],
        "- y/a -> *",
        "+ y/a -> * @ 82,83 TCP",
      ),
    ],
  },
  {
    name: "ports: one name, another number on each pod",
    topology: topology("x/c y/c", {
      pods: [web("x/a", 80), web("x/b", 81), web("y/a", 82), web("y/u", 81, "UDP")],
    }),
    ports: probes("80,81,82 TCP; 81 UDP"),
    steps: [
      step(
        "into x by name",
        [apply("x/named", "", { ingress: [allow([], ["TCP web"])] })],
        "- * -> x",
        "+ * -> x/a @ 80 TCP",
        "+ * -> x/b @ 81 TCP",
      ),
      step(
        "out of x/c by name, each destination at its own number",
        [
          apply("x/named", "", { ingress: [allow()] }),
          apply("x/out", "pod=c", { egress: [allow([], ["TCP web"])] }),
        ],
        "- x/c -> *",
        "+ x/c -> x/a @ 80 TCP",
        "+ x/c -> x/b @ 81 TCP",
        "+ x/c -> y/a @ 82 TCP",
      ),
      step(
        "the name in another protocol is another port",
        [apply("x/out", "pod=c", { egress: [allow([], ["UDP web"])] })],
        "- x/c -> *",
        "+ x/c -> y/u @ 81 UDP",
      ),
      step(
        "a name that nobody has",
        [apply("x/out", "pod=c", { egress: [allow([], ["TCP nobody"])] })],
        "- x/c -> *",
      ),
      step(
        "by name to some peers, by number to others",
        [
          apply("x/out", "pod=c", {
            egress: [allow([pods("pod=a")], ["TCP web"]), allow([pods("pod=b")], ["TCP 80-81"])],
          }),
        ],
        "- x/c -> *",
        "+ x/c -> x/a @ 80 TCP",
        "+ x/c -> x/b @ 80,81 TCP",
      ),
    ],
  },
  {
    name: "icmp: passes where ports are not named, and nowhere else",
    topology: topology("x/a,b y/a"),
    ports: probes("ICMP; 80 TCP"),
    steps: [
      step(
        "a rule without ports",
        [apply("x/any", "pod=a", { ingress: [allow([pods("pod=b")])] })],
        "- * -> x/a",
        "+ x/b -> x/a",
      ),
      step(
        "every port of every protocol is still not ICMP",
        [apply("x/any", "pod=a", { ingress: [allow([pods("pod=b")], ["TCP", "UDP", "SCTP"])] })],
        "- * -> x/a",
        "+ x/b -> x/a @ TCP",
      ),
      step(
        "on the way out",
        [apply("x/any", "pod=a", { egress: [allow([pods("pod=b")]), allow([], ["TCP 80"])] })],
        "- x/a -> * @ ICMP",
        "+ x/a -> x/b",
      ),
    ],
  },
];
