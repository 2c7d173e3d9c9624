// Who may go out, alone and together with who may come in: rows 19, 25 to 29, 34 to 37, 42 of the end-to-end table.
import { allow, apply, around, block, namespaces, pods, podsIn, step } from "../notation.ts";
import type { Row } from "./e2e-rows.ts";

const toPod = (ref: string) => apply("x/to-block", "pod=a", { egress: [allow([block(around(ref))])] });
/** As wide as a /4 of IPv4: every pod of the cluster lies in it. */
const aroundExceptB = apply("x/to-block", "pod=a", {
  egress: [allow([block(around("x/b", 28), around("x/b"))])],
});

export const egressRows: readonly Row[] = [
  {
    number: 19,
    says: "egress on a named port, which is looked up on each destination",
    pods: "x/a y/a",
    ports: "80,81",
    steps: [
      step(
        "to serve-80-tcp of anybody",
        [apply("x/named", "", { egress: [allow([], ["TCP serve-80-tcp"])] })],
        "- x -> *",
        "+ x -> * @ 80 TCP",
      ),
    ],
  },
  {
    number: 25,
    says: "no egress rules close one pod's way out",
    pods: "x/a,b y/a",
    ports: "80",
    steps: [step("a may not go out", [apply("x/no-egress", "pod=a", { egress: [] })], "- x/a -> *")],
  },
  {
    number: 26,
    says: "no egress rules close the way out of a namespace",
    pods: "x/a,b y/a",
    ports: "80",
    steps: [step("x may not go out", [apply("x/no-egress", "", { egress: [] })], "- x -> *")],
  },
  {
    number: 27,
    says: "one policy for both directions judges each by its own rules",
    pods: "x/a,b,c y/a",
    ports: "80,81",
    steps: [
      step(
        "a: in from b, out to port 80",
        [apply("x/both", "pod=a", { ingress: [allow([pods("pod=b")])], egress: [allow([], ["TCP 80"])] })],
        "- * -> x/a",
        "- x/a -> *",
        "+ x/b -> x/a",
        "+ x/a -> * @ 80 TCP",
      ),
    ],
  },
  {
    number: 28,
    says: "what the server admits, the client may still not send",
    pods: "x/a y/a,b",
    ports: "80",
    steps: [
      step(
        "x/a goes to y/a only; y/a and y/b admit x/a only",
        [
          apply("x/client", "pod=a", { egress: [allow([podsIn("name=y", "pod=a")])] }),
          apply("y/server", "pod in (a,b)", { ingress: [allow([podsIn("name=x", "pod=a")])] }),
        ],
        "- x/a -> *",
        "- * -> y/a,y/b",
        "+ x/a -> y/a",
      ),
    ],
  },
  {
    number: 29,
    says: "egress to one pod of another namespace",
    pods: "x/a y/a,b",
    ports: "80",
    steps: [
      step(
        "to y/a",
        [apply("x/to-one", "pod=a", { egress: [allow([podsIn("name=y", "pod=a")])] })],
        "- x/a -> *",
        "+ x/a -> y/a",
      ),
    ],
  },
  {
    number: 34,
    says: "egress to a block that is one pod's address, also when it is reached through its Service",
    pods: "x/a y/a,b",
    ports: "80",
    steps: [step("to y/b's address", [toPod("y/b")], "- x/a -> *", "+ x/a -> y/b")],
  },
  {
    number: 35,
    says: "an exception of a block",
    pods: "x/a,b,c",
    ports: "80",
    steps: [step("everywhere around, except x/b", [aroundExceptB], "- x/a -> x/b")],
  },
  {
    number: 36,
    says: "what one rule excepts, an update may allow",
    pods: "x/a,b,c",
    ports: "80",
    steps: [
      step("everywhere around, except x/b", [aroundExceptB], "- x/a -> x/b"),
      step("the same policy, now to x/b's address", [toPod("x/b")], "- x/a -> *", "+ x/a -> x/b"),
    ],
  },
  {
    number: 37,
    says: "ingress and egress of one pod are controlled apart",
    pods: "x/a,b y/a",
    ports: "80",
    steps: [
      step("a may go out", [apply("x/out", "pod=a", { egress: [allow()] })]),
      step("and nobody comes in", [apply("x/in", "pod=a", { ingress: [] })], "- * -> x/a"),
    ],
  },
  {
    number: 42,
    says: "egress to namespaces but one, by the label that every namespace has",
    pods: "x/a,b y/a z/a",
    ports: "80",
    steps: [
      step(
        "to name notin (y)",
        [apply("x/not-y", "pod=a", { egress: [allow([namespaces("name notin (y)")])] })],
        "- x/a -> y",
      ),
    ],
  },
];
