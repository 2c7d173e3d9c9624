// ipBlock where the end-to-end table does not look: nodes, overlaps, exceptions beside other peers.
import type { Case } from "../case.ts";
import { allow, apply, around, block, pod, pods, probes, step, topology } from "../notation.ts";

const everywhere = ["0.0.0.0/0", "::/0"];

export const blockCases: readonly Case[] = [
  {
    name: "blocks: a pod's address in ingress rules admits that pod",
    topology: topology("x/a,b,c y/a"),
    ports: probes("80 TCP,UDP"),
    steps: [
      step(
        "b's address",
        [apply("x/block", "pod=a", { ingress: [allow([block(around("x/b"))])] })],
        "- * -> x/a",
        "+ x/b -> x/a",
      ),
      step(
        "y/a's address instead, on one port",
        [apply("x/block", "pod=a", { ingress: [allow([block(around("y/a"))], ["UDP 80"])] })],
        "- * -> x/a",
        "+ y/a -> x/a @ UDP",
      ),
    ],
  },
  {
    name: "blocks: overlapping prefixes in one rule are their union",
    topology: topology("x/a,b,c y/a,b"),
    ports: probes("80 TCP"),
    steps: [
      step(
        "everything around b but b and y/a, and b by itself",
        [
          apply("x/overlap", "pod=a", {
            egress: [allow([block(around("x/b", 20), around("x/b"), around("y/a")), block(around("x/b"))])],
          }),
        ],
        "- x/a -> y/a",
      ),
      step(
        "the same, with y/b twice and y/a in a rule of its own on another port",
        [
          apply("x/overlap", "pod=a", {
            egress: [
              allow([block(around("y/b")), block(around("y/b"))]),
              allow([block(around("y/a"))], ["TCP 81"]),
            ],
          }),
        ],
        "- x/a -> *",
        "+ x/a -> y/b",
        "+ x/a -> y/a @ 81",
      ),
    ],
  },
  {
    name: "blocks: an exception holds for its own peer only",
    topology: topology("x/a,b,c y/a"),
    ports: probes("80,81 TCP"),
    steps: [
      step(
        "everybody but x/b and y/a by address; x/b by its label",
        [
          apply("x/peers", "pod=a", {
            ingress: [
              allow([
                block("0.0.0.0/0", around("x/b"), around("y/a")),
                block("::/0", around("x/b"), around("y/a")),
                pods("pod=b"),
              ]),
            ],
          }),
        ],
        "- y/a -> x/a",
      ),
      step(
        "and y/a by another policy, on one port",
        [apply("x/other", "pod=a", { ingress: [allow([block(around("y/a"))], ["TCP 81"])] })],
        "- y/a -> x/a",
        "+ y/a -> x/a @ 81",
      ),
    ],
  },
  {
    name: "blocks: everything but everything is nothing",
    topology: topology("x/a,b y/a"),
    ports: probes("80 TCP,UDP"),
    steps: [
      step(
        "both halves excepted",
        [
          apply("x/nothing", "pod=a", {
            ingress: [
              allow([block("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"), block("::/0", "::/1", "8000::/1")]),
            ],
          }),
        ],
        "- * -> x/a",
      ),
      step("everything, said twice", [
        apply("x/nothing", "pod=a", {
          ingress: [allow([...everywhere, ...everywhere].map((each) => block(each)))],
        }),
      ]),
    ],
  },
  {
    name: "blocks: each family in a rule of its own",
    topology: topology("x/a,b y/a"),
    ports: probes("80 TCP"),
    steps: [
      step("all of both", [
        apply("x/families", "pod=a", { egress: [allow([block("0.0.0.0/0")]), allow([block("::/0")])] }),
      ]),
      step(
        "an address nobody has",
        [
          apply("x/families", "pod=a", {
            egress: [allow([block("192.0.2.1/32"), block("2001:db8::1/128")])],
          }),
        ],
        "- x/a -> *",
      ),
    ],
  },
  {
    name: "blocks: a hostNetwork pod is its node's address, and no selector finds it",
    topology: topology("x/a,b y/a", {
      pods: [pod("x/host", { hostNetwork: true, ports: [{ port: 7081, protocol: "TCP" }] })],
      node: true,
    }),
    ports: probes("7081 TCP; 80 TCP"),
    steps: [
      step(
        "out to pods of the namespace, host's labels included",
        [apply("x/out", "pod=a", { egress: [allow([pods("")])] })],
        "- x/a -> *",
        "+ x/a -> x/b",
      ),
      step(
        "out to the node's address",
        [apply("x/out", "pod=a", { egress: [allow([block(around("node"))])] })],
        "- x/a -> *",
        "+ x/a -> x/host",
      ),
      step(
        "on one port of it",
        [apply("x/out", "pod=a", { egress: [allow([block(around("node"))], ["TCP 7081"])] })],
        "- x/a -> *",
        "+ x/a -> x/host @ 7081",
      ),
    ],
  },
  {
    name: "hostNetwork: the node and what runs on its network reach its pods, and policies for it select nothing",
    topology: topology("x/a,b y/a", {
      pods: [pod("x/host", { hostNetwork: true, ports: [{ port: 7082, protocol: "TCP" }] })],
      node: true,
    }),
    ports: probes("7082 TCP; 80 TCP"),
    steps: [
      step(
        "deny everything in x, the host's pod as well",
        [apply("x/deny", "", { ingress: [], egress: [] })],
        "- * -> x/a,x/b",
        "- x/a,x/b -> *",
        "+ x/host,node -> *",
      ),
    ],
  },
];
