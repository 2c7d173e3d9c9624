// Protocols, and policies that come and go: rows 30 to 33 and 38 to 40 of the end-to-end table.
import { allow, apply, remove, step } from "../notation.ts";
import type { Row } from "./e2e-rows.ts";

const denyIngress = apply("x/deny-ingress", "", { ingress: [] });

export const stackedRows: readonly Row[] = [
  {
    number: 30,
    says: "a protocol without a port is every port of it",
    pods: "x/a y/a",
    ports: "80 TCP,UDP",
    steps: [
      step(
        "TCP into a",
        [apply("x/tcp", "pod=a", { ingress: [allow([], ["TCP"])] })],
        "- * -> x/a",
        "+ * -> x/a @ TCP",
      ),
    ],
  },
  {
    number: 31,
    says: "an ingress policy that allows everything wins over a narrower one",
    pods: "x/a y/a",
    ports: "81",
    steps: [
      step(
        "port 80 only",
        [apply("x/narrow", "", { ingress: [allow([], ["TCP 80"])] })],
        "- * -> x",
        "+ * -> x @ 80 TCP",
      ),
      step("and everything", [apply("x/wide", "", { ingress: [allow()] })]),
    ],
  },
  {
    number: 32,
    says: "an egress policy that allows everything wins over a narrower one",
    pods: "x/a y/a",
    ports: "81",
    steps: [
      step(
        "port 80 only",
        [apply("x/narrow", "", { egress: [allow([], ["TCP 80"])] })],
        "- x -> *",
        "+ x -> * @ 80 TCP",
      ),
      step("and everything", [apply("x/wide", "", { egress: [allow()] })]),
    ],
  },
  {
    number: 33,
    says: "a deleted policy is not enforced any more",
    pods: "x/a y/a",
    ports: "80",
    steps: [
      step("deny all", [apply("x/deny", "", { ingress: [], egress: [] })], "- * -> x", "- x -> *"),
      step("delete it", [remove("x/deny")]),
    ],
  },
  {
    number: 38,
    says: "SCTP in a rule is not TCP",
    pods: "x/a y/a",
    ports: "81",
    steps: [
      step(
        "deny, and SCTP 81 into a",
        [denyIngress, apply("x/sctp", "pod=a", { ingress: [allow([], ["SCTP 81"])] })],
        "- * -> x",
        "+ * -> x/a @ 81 SCTP",
      ),
    ],
  },
  {
    number: 39,
    says: "a rule for SCTP isolates the pod for TCP",
    pods: "x/a y/a",
    ports: "81",
    steps: [
      step(
        "SCTP 80 into a",
        [apply("x/sctp", "pod=a", { ingress: [allow([], ["SCTP 80"])] })],
        "- * -> x/a",
        "+ * -> x/a @ 80 SCTP",
      ),
    ],
  },
  {
    number: 40,
    says: "UDP in a rule is not TCP",
    pods: "x/a y/a",
    ports: "81",
    steps: [
      step(
        "UDP 81 into a",
        [apply("x/udp", "pod=a", { ingress: [allow([], ["UDP 81"])] })],
        "- * -> x/a",
        "+ * -> x/a @ 81 UDP",
      ),
    ],
  },
];
