/** What can be written at a place: fields of the API, or words that a field takes. */
export interface FieldHint {
  readonly name: string;
  readonly says: string;
  /** `block`: what follows is a map or a list. */
  readonly takes: "value" | "block";
}

const block = (name: string, says: string): FieldHint => ({ name, says, takes: "block" });
const value = (name: string, says: string): FieldHint => ({ name, says, takes: "value" });

const metadata = [
  value("name", "what it is called"),
  value("namespace", "the namespace whose pods it is about"),
  block("labels", "of the object itself"),
  block("annotations", "of the object itself"),
];

/** By kind, and by the path with `#` for an item of a list. NetworkPolicy: networking.k8s.io/v1. */
const fields: readonly (readonly [kind: RegExp, path: RegExp, hints: readonly FieldHint[]])[] = [
  [/^$/, /^$/, [value("apiVersion", "networking.k8s.io/v1"), value("kind", "NetworkPolicy")]],
  [
    /^NetworkPolicy$/,
    /^$/,
    [
      value("apiVersion", "networking.k8s.io/v1"),
      value("kind", "NetworkPolicy"),
      block("metadata", "name and namespace"),
      block("spec", "the pods, the directions and the rules"),
    ],
  ],
  [/./, /^metadata$/, metadata],
  [
    /^NetworkPolicy$/,
    /^spec$/,
    [
      block("podSelector", "the pods that it isolates; {} for all of the namespace"),
      block("policyTypes", "the directions it isolates them in"),
      block("ingress", "who may connect to them"),
      block("egress", "whom they may connect to"),
    ],
  ],
  [
    /^NetworkPolicy$/,
    /^spec\.ingress\.#$/,
    [block("from", "any of these; anybody when absent"), block("ports", "any of these; all when absent")],
  ],
  [
    /^NetworkPolicy$/,
    /^spec\.egress\.#$/,
    [block("to", "any of these; anybody when absent"), block("ports", "any of these; all when absent")],
  ],
  [
    /^NetworkPolicy$/,
    /\.(from|to)\.#$/,
    [
      block("podSelector", "pods with these labels; of this namespace, unless one is selected beside it"),
      block("namespaceSelector", "namespaces with these labels; {} for all"),
      block("ipBlock", "addresses, mostly of what is outside"),
    ],
  ],
  [
    /^NetworkPolicy$/,
    /\.ipBlock$/,
    [value("cidr", "10.0.0.0/8, 0.0.0.0/0"), block("except", "prefixes within it that are left out")],
  ],
  [
    /^NetworkPolicy$/,
    /\.ports\.#$/,
    [
      value("protocol", "TCP (default), UDP or SCTP"),
      value("port", "a number, or the name of a container's port"),
      value("endPort", "the last one of a range"),
    ],
  ],
  [
    /./,
    /(podSelector|namespaceSelector|spec\.selector)$/,
    [block("matchLabels", "each of them must be so"), block("matchExpressions", "each of them must hold")],
  ],
  [
    /./,
    /\.matchExpressions\.#$/,
    [
      value("key", "of a label"),
      value("operator", "In, NotIn, Exists or DoesNotExist"),
      block("values", "for In and NotIn"),
    ],
  ],
  [
    /^Assertions$/,
    /^assertions\.#$/,
    [
      value("name", "what it promises"),
      value("from", "a pod, a workload, labels, an address, outside"),
      value("to", "as from, or a Service"),
      value("port", "80, 53/udp, icmp, a port's name"),
      value("expect", "allow or deny"),
      value("why", "the reason for it"),
    ],
  ],
];

export function fieldsAt(kind: string, path: string): readonly FieldHint[] {
  return fields.find(([ofKind, ofPath]) => ofKind.test(kind) && ofPath.test(path))?.[2] ?? [];
}

const words: readonly (readonly [kind: RegExp, path: RegExp, words: readonly string[]])[] = [
  [/./, /^apiVersion$/, ["networking.k8s.io/v1", "portcullis.dev/v1alpha1", "apps/v1", "v1"]],
  [/^NetworkPolicy$/, /^spec\.policyTypes(\.#)?$/, ["Ingress", "Egress"]],
  [/^NetworkPolicy$/, /\.ports\.#\.protocol$/, ["TCP", "UDP", "SCTP"]],
  [/./, /\.matchExpressions\.#\.operator$/, ["In", "NotIn", "Exists", "DoesNotExist"]],
  [/^Assertions$/, /^assertions\.#\.expect$/, ["allow", "deny"]],
];

/** Kind has no kind yet while it is written. */
const kinds = ["NetworkPolicy", "Assertions", "Namespace", "Pod", "Deployment", "Service"];

export function wordsAt(kind: string, path: string): readonly string[] {
  if (path === "kind") return kinds;
  return words.find(([ofKind, ofPath]) => ofKind.test(kind || "?") && ofPath.test(path))?.[2] ?? [];
}
