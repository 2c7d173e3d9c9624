import type { ApiObject } from "../../../api-object.ts";
import { asRecord } from "../../../json.ts";
import type { Prepared } from "../../resource-def.ts";
import { withPriority } from "./priority.ts";
import { qosClass } from "./qos-class.ts";
import { withServiceAccount } from "./service-account.ts";
import { withTolerations } from "./tolerations.ts";

/** Finds what is stored, of any kind; `resource` as `resourceName` gives it. */
export type Lookup = (resource: string, name: string, namespace: string) => ApiObject | undefined;

/**
 * What the API server's admission plugins do to a new pod (ServiceAccount, Priority, DefaultTolerationSeconds), and the
 * status that it begins with. Throws StatusError (Forbidden) when a plugin refuses the pod.
 */
export function admitPod(pod: ApiObject, lookup: Lookup): Prepared {
  const spec = withTolerations(
    withPriority(withServiceAccount(asRecord(pod.spec), pod, lookup), pod, lookup),
  );
  return { ...pod, spec, status: { phase: "Pending", qosClass: qosClass(spec) } };
}
