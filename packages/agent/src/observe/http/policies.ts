import type { ServerResponse } from "node:http";
import type { PolicyInForce } from "../../in-force/policy-in-force.ts";
import { answerJson } from "./answer.ts";
import { checkParameters, valuesOf, wanted } from "./query.ts";

/**
 * How policies stand on this node; `?namespace=`, `?policy=namespace/name` and `?state=` choose among them.
 * @throws HttpRefusal
 */
export function answerPolicies(url: URL, response: ServerResponse, all: readonly PolicyInForce[]): void {
  const query = url.searchParams;
  checkParameters(query, ["namespace", "policy", "state"]);
  const [namespaces, names, states] = ["namespace", "policy", "state"].map((name) => valuesOf(query, name));
  const policies = all.filter(
    ({ policy, state }) =>
      wanted(namespaces!, [policy.slice(0, policy.indexOf("/"))]) &&
      wanted(names!, [policy]) &&
      wanted(states!, [state]),
  );
  answerJson(response, 200, { policies: policies.map(policyJson) });
}

function policyJson({ sinceMs, ...policy }: PolicyInForce): object {
  return { ...policy, ...(sinceMs !== undefined && { since: new Date(sinceMs).toISOString() }) };
}
