import type { IncomingMessage } from "node:http";

/** Who makes a request (authentication.k8s.io/v1 UserInfo). */
export interface UserInfo {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** What a request wants to do (authorization.k8s.io/v1 ResourceAttributes and NonResourceAttributes). */
export type RequestAttributes =
  | {
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      readonly resource: string;
      readonly subresource?: string;
      readonly namespace?: string;
      readonly name?: string;
    }
  | { readonly verb: string; readonly path: string };

export interface Decision {
  readonly allowed: boolean;
  /** Why, in the API server's words: `RBAC: allowed by ClusterRoleBinding "x" …`. */
  readonly reason: string;
}

/** Decides what a user may do. */
export interface Authorizer {
  authorize(user: UserInfo, attributes: RequestAttributes): Decision;
  /** What `kubectl auth can-i --list` shows: the rules that hold for the user in a namespace. */
  rulesFor(user: UserInfo, namespace: string): ResourceRules;
}

/** Who may come in, and what they may do. */
export interface Access {
  /** Undefined: nobody that is known (the answer is 401). */
  authenticate(request: IncomingMessage): UserInfo | undefined;
  readonly authorizer: Authorizer;
}

/** authorization.k8s.io/v1 SubjectRulesReviewStatus. */
export interface ResourceRules {
  readonly resourceRules: readonly {
    readonly verbs: readonly string[];
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly resourceNames?: readonly string[];
  }[];
  readonly nonResourceRules: readonly {
    readonly verbs: readonly string[];
    readonly nonResourceURLs: readonly string[];
  }[];
  readonly incomplete: boolean;
}

/** The user of a Unix socket that only its owner can open: may do everything. */
export const systemMaster: UserInfo = {
  name: "system:admin",
  groups: ["system:masters", "system:authenticated"],
};
