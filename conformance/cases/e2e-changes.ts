// What is enforced follows what changes: rows 20 to 22 and 24 of the end-to-end table.
import { allow, apply, label, namespaces, pods, step } from "../notation.ts";
import { type Row, relabel } from "./e2e-rows.ts";

export const changeRows: readonly Row[] = [
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
    number: 24,
    says: "a pod that gets the label is isolated",
    pods: "x/a y/a",
    ports: "80",
    steps: [
      step("target=isolated, which nobody has", [apply("x/target", "target=isolated", { ingress: [] })]),
      step("label x/a", [relabel("x/a", { target: "isolated" })], "- * -> x/a"),
    ],
  },
];
