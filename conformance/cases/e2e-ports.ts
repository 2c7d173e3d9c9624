// Ports, names of ports and protocols on the way in: rows 13 to 18 and 43 to 48 of the end-to-end table.
import { allow, apply, namespaces, podsIn, step } from "../notation.ts";
import type { Row } from "./e2e-rows.ts";

export const portRows: readonly Row[] = [
  ...onePodElsewhere(13, "TCP"),
  ...ports(14, "TCP"),
  {
    number: 15,
    says: "policies on one pod add up, each with its port",
    pods: "x/a,b y/a,b z/a",
    ports: "80,81",
    steps: [
      step("y on 81", [fromYOn(81, "TCP")], "- * -> x/a", "+ y -> x/a @ 81 TCP"),
      step("y on 80 too", [fromYOn(80, "TCP")], "- * -> x/a", "+ y -> x/a @ 80,81 TCP"),
    ],
  },
  {
    number: 16,
    says: "an empty rule admits everything",
    pods: "x/a,b y/a",
    ports: "80,81",
    steps: [step("allow all", [apply("x/allow-all", "", { ingress: [allow()] })])],
  },
  {
    number: 17,
    says: "ingress on a named port",
    pods: "x/a,b y/a",
    ports: "80,81",
    steps: [
      step(
        "serve-81-tcp",
        [apply("x/named", "", { ingress: [allow([], ["TCP serve-81-tcp"])] })],
        "- * -> x",
        "+ * -> x @ 81 TCP",
      ),
    ],
  },
  {
    number: 18,
    says: "ingress from one namespace on a named port",
    pods: "x/a,b y/a z/a",
    ports: "80,81",
    steps: [
      step(
        "y on serve-80-tcp",
        [apply("x/named", "pod=a", { ingress: [allow([namespaces("name=y")], ["TCP serve-80-tcp"])] })],
        "- * -> x/a",
        "+ y -> x/a @ 80 TCP",
      ),
    ],
  },
  ...denyAll(43, "UDP"),
  ...ports(44, "UDP"),
  ...onePodElsewhere(45, "UDP"),
  ...denyAll(46, "SCTP"),
  ...ports(47, "SCTP"),
  ...onePodElsewhere(48, "SCTP"),
];

function fromYOn(port: number, protocol: string) {
  return apply(`x/on-${port}`, "pod=a", {
    ingress: [allow([namespaces("name=y")], [`${protocol} ${port}`])],
  });
}

function ports(number: number, protocol: string): Row[] {
  return [
    {
      number,
      says: `a rule for one port of ${protocol} says nothing of the others`,
      pods: "x/a,b y/a,b z/a",
      ports: `81 ${protocol}`,
      steps: [step("y on 81", [fromYOn(81, protocol)], "- * -> x/a", `+ y -> x/a @ 81 ${protocol}`)],
    },
  ];
}

function onePodElsewhere(number: number, protocol: string): Row[] {
  return [
    {
      number,
      says: `one pod of one other namespace, over ${protocol}`,
      pods: "x/a,b y/a,b z/a",
      ports: `80 ${protocol}`,
      steps: [
        step(
          "from y/a",
          [apply("x/one", "pod=a", { ingress: [allow([podsIn("name=y", "pod=a")])] })],
          "- * -> x/a",
          "+ y/a -> x/a",
        ),
      ],
    },
  ];
}

function denyAll(number: number, protocol: string): Row[] {
  return [
    {
      number,
      says: `a policy without ingress rules closes ${protocol} too`,
      pods: "x/a,b y/a,b",
      ports: `80 ${protocol}`,
      steps: [step("deny ingress", [apply("x/deny-ingress", "", { ingress: [] })], "- * -> x")],
    },
  ];
}
