import {
  AssertionJudge,
  assertionJson,
  type Cluster,
  type Diagnostic,
  type ManifestFile,
  readAssertionsAmong,
} from "@portcullis/engine";

/** What the files promise, and whether the cluster keeps it. */
export interface JudgedFiles {
  readonly assertions: readonly JudgedPromise[];
  /** What is wrong with how they are written. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface JudgedPromise {
  readonly name: string;
  readonly status: "pass" | "fail" | "error";
  /** Ordered pairs of ends that it is about. */
  readonly pairs: number;
  /** Why it fails, with the first pair that is not as promised; "" when it holds. */
  readonly message: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Judges the assertions that lie among the files; none are judged, at no cost, where there are none. */
export function judgeAssertions(cluster: Cluster, files: readonly ManifestFile[]): JudgedFiles {
  const { assertions, diagnostics } = readAssertionsAmong(files);
  if (assertions.length === 0) return { assertions: [], diagnostics };
  const judge = new AssertionJudge(cluster);
  const outcomes = assertions.map((assertion) => judge.judge(assertion));
  const judged = assertionJson({ outcomes, notRun: [], texts: new Map() }).assertions;
  return {
    assertions: judged.map((each, at) => ({
      name: each.name,
      status: outcomes[at]!.status,
      pairs: outcomes[at]!.pairs,
      message: "message" in each ? (each.message ?? "") : "",
      file: each.file,
      line: each.line,
    })),
    diagnostics,
  };
}
