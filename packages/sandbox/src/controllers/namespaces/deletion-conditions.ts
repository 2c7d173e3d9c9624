import { withCondition } from "../objects/conditions.ts";
import type { Condition } from "../objects/workload.ts";
import type { Remains } from "./empty-namespace.ts";

/** What a namespace that is being deleted says of what is still in it. */
export function deletionConditions(
  former: readonly Condition[] | undefined,
  { objects, finalizers, failures }: Remains,
): readonly Condition[] {
  const text = (counts: ReadonlyMap<string, number>, write: (name: string, count: number) => string) =>
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, count]) => write(name, count))
      .join(", ");
  const kinds = text(objects, (name, count) => `${name} has ${count} resource instances`);
  const holders = text(finalizers, (name, count) => `${name} in ${count} resource instances`);
  const news = [
    say(
      "NamespaceDeletionDiscoveryFailure",
      "",
      "ResourcesDiscovered",
      "All resources successfully discovered",
    ),
    say(
      "NamespaceDeletionGroupVersionParsingFailure",
      "",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ),
    failures.length > 0
      ? say("NamespaceDeletionContentFailure", "True", "ContentDeletionFailed", failures.join("; "))
      : say(
          "NamespaceDeletionContentFailure",
          "",
          "ContentDeleted",
          "All content successfully deleted, may be waiting on finalization",
        ),
    kinds !== ""
      ? say(
          "NamespaceContentRemaining",
          "True",
          "SomeResourcesRemain",
          `Some resources are remaining: ${kinds}`,
        )
      : say("NamespaceContentRemaining", "", "ContentRemoved", "All content successfully removed"),
    holders !== ""
      ? say(
          "NamespaceFinalizersRemaining",
          "True",
          "SomeFinalizersRemain",
          `Some content in the namespace has finalizers remaining: ${holders}`,
        )
      : say(
          "NamespaceFinalizersRemaining",
          "",
          "ContentHasNoFinalizers",
          "All content-preserving finalizers finished",
        ),
  ];
  return news.reduce((conditions, each) => withCondition(conditions, each), former ?? []);
}

function say(type: string, status: "True" | "", reason: string, message: string) {
  return { type, status: status === "" ? "False" : status, reason, message } as const;
}
