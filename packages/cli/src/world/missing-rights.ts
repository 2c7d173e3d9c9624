import type { Resource } from "@portcullis/kube";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import { rulesFor } from "../rbac/rules.ts";
import { formatYaml } from "../text/yaml.ts";

/** A request that the server's RBAC refused. */
export interface Forbidden {
  readonly resource: Resource;
  readonly verb: string;
  /** Absent for all namespaces. */
  readonly namespace: string | undefined;
  /** The server's. */
  readonly message: string;
}

/** The error that names the rule that is missing, as it would stand in a role. */
export function missingRights(forbidden: readonly Forbidden[], where = "the cluster"): CliError {
  const namespaces = [...new Set(forbidden.map(({ namespace }) => namespace))].sort();
  const plurals = [...new Set(forbidden.map(({ resource }) => resource))];
  const rules = formatYaml(rulesFor(plurals, ["list"]));
  const role = namespaces.includes(undefined)
    ? "A ClusterRole bound to this user lacks"
    : `A Role in ${namespaces.join(", ")} bound to this user lacks`;
  const mend = namespaces.includes(undefined)
    ? "`portcullis rbac` prints all that is needed; --within NAMESPACE reads only what you may."
    : "`portcullis rbac` prints all that is needed.";
  return new CliError(
    exitCode.unavailable,
    `${where} does not permit it: ${forbidden[0]!.message}\n${role}:\n${rules.trimEnd()}`,
    mend,
  );
}
