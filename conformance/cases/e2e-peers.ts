// Who may come in, by peers: rows 1 to 12, 23 and 41 of the end-to-end table.
import { allow, apply, namespaces, pods, podsIn, step } from "../notation.ts";
import type { Row } from "./e2e-rows.ts";

const everyone = podsIn("", "");

export const peerRows: readonly Row[] = [
  {
    number: 1,
    says: "a policy without ingress rules closes every pod of its namespace",
    pods: "x/a,b y/a,b",
    ports: "80",
    steps: [step("deny ingress", [apply("x/deny-ingress", "", { ingress: [] })], "- * -> x")],
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
        [
          apply("x/deny-ingress", "", { ingress: [] }),
          apply("x/open", "pod=a", { ingress: [allow([everyone])] }),
        ],
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
  {
    number: 23,
    says: "pods of other namespaces stay out",
    pods: "x/a,b y/a z/a",
    ports: "80",
    steps: [step("from x itself", [apply("x/own", "", { ingress: [allow([pods("")])] })], "- y,z -> x")],
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
];
