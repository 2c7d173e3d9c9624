import { fieldPath } from "@portcullis/engine";
import { isRecord, valueAt } from "../yaml/edited-value.ts";
import type { Path } from "../yaml/field-edit.ts";
import { keyOf, type Locks, locksOf } from "./locks.ts";
import type { FoundPolicy } from "./policy-at.ts";
import type {
  BlockForm,
  ExpressionForm,
  PeerForm,
  PolicyForm,
  PortForm,
  RuleForm,
  SelectorForm,
} from "./policy-form.ts";

export interface ReadPolicy {
  readonly form: PolicyForm;
  readonly locks: Locks;
  /** Paths of what the policy has and the form has no field for: `metadata.labels`. */
  readonly kept: readonly string[];
}

/** The form of a policy, and what of it a form cannot change. */
export function readPolicy(found: FoundPolicy, firstLine: number): ReadPolicy {
  const reader = new PolicyReader(found.policy);
  const form = reader.policy();
  const locks = new Map([...reader.locks, ...locksOf(found, firstLine)]);
  return { form, locks, kept: reader.kept };
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads plain data as the API would, as far as it goes: what is of another type is locked, and empty for the form. */
class PolicyReader {
  readonly locks = new Map<string, string>();
  readonly kept: string[] = [];
  readonly #policy: Fields;

  constructor(policy: Fields) {
    this.#policy = policy;
  }

  policy(): PolicyForm {
    this.#fields([], ["apiVersion", "kind", "metadata", "spec"]);
    this.#fields(["metadata"], ["name", "namespace"]);
    this.#fields(["spec"], ["podSelector", "policyTypes", "ingress", "egress"]);
    const egress = this.#rules("egress", "to");
    const types = this.#texts(["spec", "policyTypes"]);
    const written = types.length > 0;
    return {
      name: this.#text(["metadata", "name"]),
      namespace: this.#text(["metadata", "namespace"]),
      podSelector: this.#selector(["spec", "podSelector"]),
      policyTypes: {
        ingress: !written || types.includes("Ingress"),
        egress: written ? types.includes("Egress") : egress.length > 0,
        written,
      },
      ingress: this.#rules("ingress", "from"),
      egress,
    };
  }

  #rules(direction: "ingress" | "egress", side: "from" | "to"): readonly RuleForm[] {
    return this.#items(["spec", direction]).map((path) => {
      this.#fields(path, [side, "ports"]);
      return {
        peers: this.#items([...path, side]).map((each) => this.#peer(each)),
        ports: this.#items([...path, "ports"]).map((each) => this.#port(each)),
      };
    });
  }

  #peer(path: Path): PeerForm {
    const has = this.#fields(path, ["podSelector", "namespaceSelector", "ipBlock"]);
    return {
      pods: isWritten(has.podSelector) ? this.#selector([...path, "podSelector"]) : undefined,
      namespaces: isWritten(has.namespaceSelector)
        ? this.#selector([...path, "namespaceSelector"])
        : undefined,
      block: isWritten(has.ipBlock) ? this.#block([...path, "ipBlock"]) : undefined,
    };
  }

  #block(path: Path): BlockForm {
    this.#fields(path, ["cidr", "except"]);
    return { cidr: this.#text([...path, "cidr"]), except: this.#texts([...path, "except"]) };
  }

  #port(path: Path): PortForm {
    this.#fields(path, ["protocol", "port", "endPort"]);
    return {
      protocol: this.#text([...path, "protocol"]),
      port: this.#text([...path, "port"], "number"),
      endPort: this.#text([...path, "endPort"], "number"),
    };
  }

  #selector(path: Path): SelectorForm {
    this.#fields(path, ["matchLabels", "matchExpressions"]);
    const labels = [...path, "matchLabels"];
    return {
      labels: Object.keys(this.#map(labels)).map((key) => ({ key, value: this.#text([...labels, key]) })),
      expressions: this.#items([...path, "matchExpressions"]).map((each) => this.#expression(each)),
    };
  }

  #expression(path: Path): ExpressionForm {
    this.#fields(path, ["key", "operator", "values"]);
    return {
      key: this.#text([...path, "key"]),
      operator: this.#text([...path, "operator"]),
      values: this.#texts([...path, "values"]),
    };
  }

  /** The fields of a map, of which those that are not known are kept. */
  #fields(path: Path, known: readonly string[]): Fields {
    const map = this.#map(path);
    for (const key of Object.keys(map)) if (!known.includes(key)) this.kept.push(fieldPath([...path, key]));
    return map;
  }

  #map(path: Path): Fields {
    const value = valueAt(this.#policy, path) ?? {};
    if (isRecord(value)) return value;
    this.#lock(path, "Fields belong here.");
    return {};
  }

  /** Paths of the items of a list. */
  #items(path: Path): readonly Path[] {
    const value = valueAt(this.#policy, path) ?? [];
    if (Array.isArray(value)) return [...value.keys()].map((at) => [...path, at]);
    this.#lock(path, "A list belongs here.");
    return [];
  }

  #texts(path: Path): readonly string[] {
    return this.#items(path).map((each) => this.#text(each));
  }

  #text(path: Path, or?: "number"): string {
    const value = valueAt(this.#policy, path) ?? "";
    if (typeof value === "string") return value;
    if (typeof value === or) return String(value);
    const what = typeof value === "object" ? "It" : `${String(value)} is a ${typeof value}, and`;
    this.#lock(path, `${what} should be a text${typeof value === "object" ? "" : ", in quotes"}.`);
    return typeof value === "object" ? "" : String(value);
  }

  #lock(path: Path, why: string): void {
    this.locks.set(keyOf(path), why);
  }
}

function isWritten(value: unknown): boolean {
  return value !== undefined && value !== null;
}
