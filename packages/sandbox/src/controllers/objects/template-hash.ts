import { createHash } from "node:crypto";
import { canonicalJson } from "./same-json.ts";
import type { PodTemplate } from "./workload.ts";

// Without vowels and look-alikes: no hash reads like a word (apimachinery, pkg/util/rand).
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

/** The label that tells the pods of a Deployment's revisions apart. */
export const hashLabel = "pod-template-hash";

/** Ten characters that name the contents; `collisions` makes another name of the same. */
export function contentHash(value: unknown, collisions = 0): string {
  const digest = createHash("sha256")
    .update(`${canonicalJson(value)} ${collisions}`)
    .digest();
  let rest = digest.readBigUInt64BE();
  let text = "";
  while (text.length < 10) {
    text += alphabet[Number(rest % 27n)];
    rest /= 27n;
  }
  return text;
}

/** The template without the label that only ReplicaSets' templates have. */
export function withoutHash(template: PodTemplate): PodTemplate {
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}
