// What changes: labels, policies, pods and who has an address.
import type { Case } from "../case.ts";
import {
  allow,
  apply,
  create,
  discard,
  label,
  namespaces,
  pod,
  pods,
  podsIn,
  probes,
  remove,
  step,
  topology,
} from "../notation.ts";
import { relabel } from "./e2e-rows.ts";

const fromFriends = apply("x/friends", "pod in (a,d,e)", { ingress: [allow([pods("role=friend")])] });

export const changeCases: readonly Case[] = [
  {
    name: "changes: labels that come, change and go, on pods and on namespaces",
    topology: topology("x/a,b y/a z/a"),
    ports: probes("80 TCP,UDP"),
    steps: [
      step(
        "from pods app=web in namespaces team=blue",
        [apply("x/blue-web", "pod=a,!free", { ingress: [allow([podsIn("team=blue", "app=web")])] })],
        "- * -> x/a",
      ),
      step("y is blue", [label("y", { team: "blue" })], "- * -> x/a"),
      step(
        "y/a is web, z/a too",
        [relabel("y/a", { app: "web" }), relabel("z/a", { app: "web" })],
        "- * -> x/a",
        "+ y/a -> x/a",
      ),
      step(
        "z is blue, y is red",
        [label("z", { team: "blue" }), label("y", { team: "red" })],
        "- * -> x/a",
        "+ z/a -> x/a",
      ),
      step("z/a is something else", [relabel("z/a", { app: "db" })], "- * -> x/a"),
      step("the server leaves the policy", [relabel("x/a", { free: "" })]),
    ],
  },
  {
    name: "changes: a label that is absent",
    topology: topology("x/a,b,c y/a"),
    ports: probes("80 TCP"),
    steps: [
      step("from pods without the label; nobody has it", [
        apply("x/absent", "pod=a", {
          ingress: [allow([pods("!role"), podsIn("name=y", "role notin (bad)")])],
        }),
      ]),
      step("b gets it", [relabel("x/b", { role: "" })], "- x/b -> x/a"),
      step("y/a gets a bad one", [relabel("y/a", { role: "bad" })], "- x/b,y/a -> x/a"),
      step("b loses it", [relabel("x/b", {})], "- y/a -> x/a"),
    ],
  },
  {
    name: "changes: many policies on one pod, one gone after the other",
    topology: topology("x/a,b,c y/a"),
    ports: probes("80,81 TCP"),
    steps: [
      step(
        "twelve policies",
        [
          ...Array.from({ length: 10 }, (_, i) =>
            apply(`x/many-${i}`, "pod=a", { ingress: [allow([pods(`nobody=n${i}`)], [`TCP ${90 + i}`])] }),
          ),
          apply("x/b-80", "pod in (a,b)", { ingress: [allow([pods("pod=b")], ["TCP 80"])] }),
          apply("x/y-81", "", { ingress: [allow([namespaces("name=y")], ["TCP 81"])] }),
        ],
        "- * -> x",
        "+ y -> x @ 81",
        "+ x/b -> x/a,x/b @ 80",
      ),
      step("without the second last", [remove("x/b-80")], "- * -> x", "+ y -> x @ 81"),
      step("without the last", [remove("x/y-81")], "- * -> x/a"),
      step(
        "without the ten",
        Array.from({ length: 10 }, (_, i) => remove(`x/many-${i}`)),
      ),
    ],
  },
  {
    name: "changes: a policy that is updated in every part",
    topology: topology("x/a,b y/a"),
    ports: probes("80,81 TCP"),
    steps: [
      step("selects a, in", [apply("x/np", "pod=a", { ingress: [] })], "- * -> x/a"),
      step("selects b, in", [apply("x/np", "pod=b", { ingress: [] })], "- * -> x/b"),
      step("selects b, out", [apply("x/np", "pod=b", { egress: [] })], "- x/b -> *"),
      step(
        "out to one port",
        [apply("x/np", "pod=b", { egress: [allow([], ["TCP 81"])] })],
        "- x/b -> * @ 80",
      ),
      step(
        "out to one namespace",
        [apply("x/np", "pod=b", { egress: [allow([namespaces("name=y")])] })],
        "- x/b -> x",
      ),
      step("both, as before", [apply("x/np", "", { ingress: [allow()], egress: [allow()] })]),
      step("gone", [remove("x/np")]),
    ],
  },
  {
    name: "changes: pods that come and go while policies stay",
    topology: topology("x/a,b y/a"),
    ports: probes("80 TCP"),
    steps: [
      step("from friends; there are none", [fromFriends], "- * -> x/a"),
      step(
        "a friend comes",
        [create(pod("x/c", { labels: { pod: "c", role: "friend" } }))],
        "- * -> x/a",
        "+ x/c -> x/a",
      ),
      step(
        "the friend goes, a stranger of its name comes",
        [discard("x/c"), create(pod("x/c"))],
        "- * -> x/a",
      ),
      step("a second server comes, and the policy has it at once", [create(pod("x/d"))], "- * -> x/a,x/d"),
    ],
  },
];

export const reuseCase: Case = {
  name: "reuse: an address passes from a friend to a stranger, and back",
  topology: topology("x/a,b", { pods: [pod("x/f", { labels: { pod: "f", role: "friend" } })] }),
  ports: probes("80 TCP,UDP"),
  steps: [
    step("from friends", [fromFriends], "- * -> x/a", "+ x/f -> x/a"),
    step(
      "a stranger gets the friend's address",
      [{ kind: "delete", pod: "x/f", reuse: true }, create(pod("x/s"))],
      "- * -> x/a",
    ),
    step(
      "a friend gets the stranger's",
      [
        { kind: "delete", pod: "x/s", reuse: true },
        create(pod("x/f", { labels: { pod: "f", role: "friend" } })),
      ],
      "- * -> x/a",
      "+ x/f -> x/a",
    ),
    step(
      "a server gets the friend's: now it is isolated",
      [{ kind: "delete", pod: "x/f", reuse: true }, create(pod("x/e"))],
      "- * -> x/a,x/e",
    ),
  ],
};

export const hairpinCase: Case = {
  name: "hairpin: a pod reaches itself, through its Service too, whatever the policies",
  topology: topology("x/a,b y/a"),
  ports: probes("80 TCP,UDP"),
  steps: [
    step("deny all", [apply("x/deny", "", { ingress: [], egress: [] })], "- * -> x", "- x -> *"),
    step(
      "and an exception for its own address changes nothing",
      [apply("x/deny", "", { ingress: [allow([pods("pod=b")])], egress: [] })],
      "- * -> x",
      "- x -> *",
    ),
  ],
};
