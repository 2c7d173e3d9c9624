import type { Vocabulary } from "../engine/protocol.ts";
import { fieldsAt, wordsAt } from "./fields.ts";
import { documentStart, placeAt } from "./place.ts";
import { yamlText } from "./yaml-text.ts";

/** One thing that could be written next. */
export interface Proposal {
  readonly label: string;
  /** Where it is from, or what it means. */
  readonly detail: string;
  /** What is written. */
  readonly insert: string;
  /** Those of the policy's own namespace come first. */
  readonly near: boolean;
}

export interface Proposals {
  /** Where what is typed so far begins. */
  readonly from: number;
  readonly list: readonly Proposal[];
}

/** What fits at an offset: fields of the API, and the labels, namespaces and ports that the cluster really has. */
export function proposals(text: string, offset: number, vocabulary: Vocabulary): Proposals | undefined {
  const place = placeAt(text, offset);
  if (place === undefined) return undefined;
  const { kind, namespace } = documentFacts(text, offset);
  const path = place.path.map((part) => (typeof part === "number" ? "#" : part)).join(".");
  const from = offset - place.typed.length;
  const names = new Names(vocabulary, namespace);
  const list =
    place.part === "key"
      ? [...keysAt(kind, path, names), ...valuesAt(kind, path, names)]
      : valuesAt(kind, path, names).map((each) => spaced(each, text[from - 1]));
  return list.length === 0 ? undefined : { from, list };
}

function keysAt(kind: string, path: string, names: Names): readonly Proposal[] {
  if (/namespaceSelector\.matchLabels$/.test(path)) return names.keysOf([""]).map(asKey);
  if (/matchLabels$/.test(path) || (kind === "Service" && path === "spec.selector"))
    return names.keysOf(names.podOwners()).map(asKey);
  return fieldsAt(kind, path).map(({ name, says, takes }) => ({
    label: name,
    detail: says,
    insert: takes === "block" ? `${name}:` : `${name}: `,
    near: true,
  }));
}

function valuesAt(kind: string, path: string, names: Names): readonly Proposal[] {
  const owners = /namespaceSelector/.test(path) ? [""] : names.podOwners();
  const label = /(?:matchLabels|spec\.selector)\.([^#]+)$/.exec(path);
  if (label !== null) return names.valuesOf(label[1]!, owners);
  if (/\.matchExpressions\.#\.key$/.test(path)) return names.keysOf(owners);
  if (/\.matchExpressions\.#\.values\.#$/.test(path)) return names.allValues(owners);
  if (path === "metadata.namespace") return names.namespaces();
  if (kind === "NetworkPolicy" && /\.ports\.#\.port$/.test(path)) return names.ports();
  return wordsAt(kind, path).map((word) => plain(word, ""));
}

/** What can be named of the cluster. */
export class Names {
  readonly #vocabulary: Vocabulary;
  readonly #namespace: string;

  constructor(vocabulary: Vocabulary, namespace: string) {
    this.#vocabulary = vocabulary;
    this.#namespace = namespace;
  }

  /** Namespaces with pods, the policy's own first. */
  podOwners(): readonly string[] {
    const others = Object.keys(this.#vocabulary.labels).filter(
      (each) => each !== "" && each !== this.#namespace,
    );
    return [this.#namespace, ...others];
  }

  keysOf(owners: readonly string[]): readonly Proposal[] {
    return this.#gather(owners, (labels) => Object.keys(labels));
  }

  valuesOf(key: string, owners: readonly string[]): readonly Proposal[] {
    return this.#gather(owners, (labels) => (Object.hasOwn(labels, key) ? labels[key]! : [])).map(quoted);
  }

  allValues(owners: readonly string[]): readonly Proposal[] {
    return this.#gather(owners, (labels) => Object.values(labels).flat()).map(quoted);
  }

  namespaces(): readonly Proposal[] {
    return this.#vocabulary.namespaces.map((name) => plain(name, "namespace"));
  }

  ports(): readonly Proposal[] {
    return this.#vocabulary.portNames.map((name) => plain(name, "container's port"));
  }

  #gather(
    owners: readonly string[],
    of: (labels: Readonly<Record<string, readonly string[]>>) => readonly string[],
  ): readonly Proposal[] {
    const seen = new Map<string, string>();
    for (const owner of owners) {
      const { labels } = this.#vocabulary;
      for (const name of Object.hasOwn(labels, owner) ? of(labels[owner]!) : []) {
        if (!seen.has(name)) seen.set(name, owner);
      }
    }
    return [...seen].map(([name, owner]) => ({
      ...plain(name, owner === "" ? "label of namespaces" : `in ${owner}`),
      near: owner === "" || owner === this.#namespace,
    }));
  }
}

function plain(label: string, detail: string): Proposal {
  return { label, detail, insert: label, near: true };
}

function asKey(proposal: Proposal): Proposal {
  return { ...proposal, insert: `${proposal.insert}: ` };
}

/** A label's value is text: `true`, `1` and `1e3` have to be quoted to be it. */
function quoted(proposal: Proposal): Proposal {
  return { ...proposal, insert: yamlText(proposal.insert) };
}

/** A value right behind its colon would be no value. */
function spaced(proposal: Proposal, before: string | undefined): Proposal {
  return before === ":" ? { ...proposal, insert: ` ${proposal.insert}` } : proposal;
}

/** What the document is about, as far as its lines say. */
function documentFacts(text: string, offset: number): { readonly kind: string; readonly namespace: string } {
  const start = documentStart(text, offset);
  const end = text.indexOf("\n---", offset);
  const own = text.slice(start, end < 0 ? text.length : end);
  return {
    kind: /^kind:\s*["']?([A-Za-z]+)/m.exec(own)?.[1] ?? "",
    namespace: /\bnamespace:\s*["']?([-\w.]+)/.exec(own)?.[1] ?? "default",
  };
}
