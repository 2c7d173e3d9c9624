// Who may come in: rows 1 to 18, 20 to 24, 41 of the end-to-end table.
import { allow, apply, label, namespaces, pods, podsIn, step } from "../notation.ts";
import { type Row, relabel } from "./e2e-rows.ts";

const denyIngress = apply("x/deny-ingress", "", { ingress: [] });
const everyone = podsIn("", "");

export const ingressRows: readonly Row[] = [
  {
    number: 1,
    says: "a policy without ingress rules closes every pod of its namespace",
    pods: "x/a,b y/a,b",
    ports: "80",
    steps: [step("deny ingress", [denyIngress], "- * -> x")],
  },
  {
    number: 2,
    says: "no rules in both directions close a namespace both ways",
    pods: "x/a,b y/a",
    ports: "80",
    steps: [step("deny all", [apply("x/deny", "", { ingress: [], egress: [] })], "- * -> x", "- x -> *")],
  },
  {
    number: 3,
    says: "a podSelector admits pods of the server's own namespace",
    pods: "x/a,b,c y/a",
    ports: "80",
    steps: [
      step(
        "from pod=b",
        [apply("x/server", "pod=a", { ingress: [allow([pods("pod=b")])] })],
        "- * -> x/a",
        "+ x/b -> x/a",
      ),
    ],
  },
  {
    number: 4,
    says: "one pod is opened to everybody, the rest stays closed",
    pods: "x/a,b y/a",
    ports: "80",
    steps: [
      step(
        "deny, and open a",
        [denyIngress, apply("x/open", "pod=a", { ingress: [allow([everyone])] })],
        "- * -> x",
        "+ * -> x/a",
      ),
    ],
  },
  {
    number: 5,
    says: "an empty namespaceSelector admits pods of every namespace",
    pods: "x/a,b y/a z/a",
    ports: "80",
    steps: [step("from any namespace", [apply("x/all", "pod=a", { ingress: [allow([namespaces("")])] })])],
  },
  {
    number: 6,
    says: "a namespaceSelector admits one other namespace",
    pods: "x/a,b y/a z/a",
    ports: "80",
    steps: [
      step(
        "from y",
        [apply("x/from-y", "pod=a", { ingress: [allow([namespaces("name=y")])] })],
        "- x,z -> x/a",
      ),
    ],
  },
  {
    number: 7,
    says: "a podSelector may be written as an expression",
    pods: "x/a,b y/a",
    ports: "80",
    steps: [
      step(
        "from pod in (b)",
        [apply("x/server", "pod=a", { ingress: [allow([pods("pod in (b)")])] })],
        "- * -> x/a",
        "+ x/b -> x/a",
      ),
    ],
  },
  {
    number: 8,
    says: "a namespaceSelector may be written as an expression",
    pods: "x/a,b y/a z/a",
    ports: "80",
    steps: [
      step(
        "from name in (y)",
        [apply("x/from-y", "pod=a", { ingress: [allow([namespaces("name in (y)")])] })],
        "- x,z -> x/a",
      ),
    ],
  },
  {
    number: 9,
    says: "two list items are two ways in: other namespaces, or a pod of one's own",
    pods: "x/a,b,c y/a",
    ports: "80",
    steps: [
      step(
        "from not x, or pod=b",
        [apply("x/either", "pod=a", { ingress: [allow([namespaces("name notin (x)"), pods("pod=b")])] })],
        "- x -> x/a",
        "+ x/b -> x/a",
      ),
    ],
  },
  {
    number: 10,
    says: "one list item with both selectors: both must hold",
    pods: "x/a,b y/a,b z/b",
    ports: "80",
    steps: [
      step(
        "from pod=b, not in x",
        [apply("x/both", "pod=a", { ingress: [allow([podsIn("name notin (x)", "pod=b")])] })],
        "- * -> x/a",
        "+ y/b,z/b -> x/a",
      ),
    ],
  },
  {
    number: 11,
    says: "several pods of several namespaces by two expressions",
    pods: "x/a,b y/a,b,c",
    ports: "80",
    steps: [
      step(
        "from pod in (b,c), not in x",
        [apply("x/both", "pod=a", { ingress: [allow([podsIn("name notin (x)", "pod in (b,c)")])] })],
        "- * -> x/a",
        "+ y/b,y/c,z/b,z/c -> x/a",
      ),
    ],
  },
  {
    number: 12,
    says: "any of several podSelectors",
    pods: "x/a,b,c",
    ports: "80",
    steps: [
      step(
        "from pod=b or pod=c",
        [apply("x/any", "pod=a", { ingress: [allow([pods("pod=b"), pods("pod=c")])] })],
        "- * -> x/a",
        "+ x/b,x/c -> x/a",
      ),
    ],
  },
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
  {
    number: 20,
    says: "an update of a policy is enforced",
    pods: "x/a y/a",
    ports: "81",
    steps: [
      step("allow all", [apply("x/changing", "", { ingress: [allow()] })]),
      step("the same policy, now without rules", [apply("x/changing", "", { ingress: [] })], "- * -> x"),
    ],
  },
  {
    number: 21,
    says: "a namespace that gets the label is let in",
    pods: "x/a y/a",
    ports: "80",
    steps: [
      step(
        "from ns2=updated, which nobody has",
        [apply("x/labelled", "pod=a", { ingress: [allow([namespaces("ns2=updated")])] })],
        "- * -> x/a",
      ),
      step("label y", [label("y", { ns2: "updated" })], "- * -> x/a", "+ y -> x/a"),
    ],
  },
  {
    number: 22,
    says: "a pod that gets the label is let in",
    pods: "x/a,b",
    ports: "80",
    steps: [
      step(
        "from pod=b,pod2=updated, which nobody has",
        [apply("x/labelled", "pod=a", { ingress: [allow([pods("pod=b,pod2=updated")])] })],
        "- * -> x/a",
      ),
      step("label x/b", [relabel("x/b", { pod2: "updated" })], "- * -> x/a", "+ x/b -> x/a"),
    ],
  },
  {
    number: 23,
    says: "pods of other namespaces stay out",
    pods: "x/a,b y/a z/a",
    ports: "80",
    steps: [step("from x itself", [apply("x/own", "", { ingress: [allow([pods("")])] })], "- y,z -> x")],
  },
  {
    number: 24,
    says: "a pod that gets the label is isolated",
    pods: "x/a y/a",
    ports: "80",
    steps: [
      step("target=isolated, which nobody has", [apply("x/target", "target=isolated", { ingress: [] })]),
      step("label x/a", [relabel("x/a", { target: "isolated" })], "- * -> x/a"),
    ],
  },
  {
    number: 41,
    says: "a namespace is chosen by the label that every namespace has",
    pods: "x/a,b y/a z/a",
    ports: "80",
    steps: [
      step(
        "from kubernetes.io/metadata.name=y",
        [
          apply("x/from-y", "pod=a", {
            ingress: [allow([namespaces("kubernetes.io/metadata.name,name=y")])],
          }),
        ],
        "- x,z -> x/a",
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
      steps: [step("deny ingress", [denyIngress], "- * -> x")],
    },
  ];
}
