import { replaceRange } from "../fix/replace-range.ts";
import type { LintRule } from "../lint-rule.ts";

export const unservedApiVersion: LintRule = {
  code: "unserved-api-version",
  severity: "error",
  title: "an apiVersion that is not served any more, or never was",
  help: "The API server refuses the object, so it protects nothing. extensions/v1beta1 went with Kubernetes 1.16; NetworkPolicy is networking.k8s.io/v1.",
  *check({ manifests, source }) {
    for (const { code, message, path, object, range } of manifests.diagnostics) {
      if (code !== "unsupported-version") continue;
      const wanted = / use (\S+)$/.exec(message)?.[1];
      yield {
        path,
        ...(object !== undefined && { object }),
        ...(range && { range }),
        message: `The API server refuses this object: ${message}.`,
        fix:
          range && wanted !== undefined && source.editable(range.file) !== undefined
            ? { title: `write ${wanted}`, safe: true, edits: [replaceRange(range, wanted)] }
            : undefined,
      };
    }
  },
};
