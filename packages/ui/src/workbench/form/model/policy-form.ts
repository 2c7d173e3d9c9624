/** A NetworkPolicy as a form shows it. Texts are "" where nothing is written. */
export interface PolicyForm {
  readonly name: string;
  readonly namespace: string;
  readonly podSelector: SelectorForm;
  readonly policyTypes: PolicyTypesForm;
  readonly ingress: readonly RuleForm[];
  readonly egress: readonly RuleForm[];
}

export interface PolicyTypesForm {
  readonly ingress: boolean;
  readonly egress: boolean;
  /** Otherwise they are what the API server makes of their absence. */
  readonly written: boolean;
}

/** Everything when it is empty; all must hold. */
export interface SelectorForm {
  readonly labels: readonly { readonly key: string; readonly value: string }[];
  readonly expressions: readonly ExpressionForm[];
}

export interface ExpressionForm {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** Anybody where there are no peers, any port where there are no ports. */
export interface RuleForm {
  readonly peers: readonly PeerForm[];
  readonly ports: readonly PortForm[];
}

/** Pods, namespaces, or both, which must then both match; or addresses. */
export interface PeerForm {
  readonly pods: SelectorForm | undefined;
  readonly namespaces: SelectorForm | undefined;
  readonly block: BlockForm | undefined;
}

export interface BlockForm {
  readonly cidr: string;
  readonly except: readonly string[];
}

export interface PortForm {
  readonly protocol: string;
  /** A number or a name; "" for all of the protocol. */
  readonly port: string;
  /** The last one of a range; "" for one port. */
  readonly endPort: string;
}

export const operators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;

/** The operators that compare with values. */
export function takesValues(operator: string): boolean {
  return operator === "In" || operator === "NotIn";
}

export const directions = ["ingress", "egress"] as const;
export type Direction = (typeof directions)[number];

/** Where the peers of a direction's rules stand. */
export const sideOf = { ingress: "from", egress: "to" } as const;
