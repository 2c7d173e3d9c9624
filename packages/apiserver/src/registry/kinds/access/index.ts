import { Escalation } from "../../../auth/rbac/escalation.ts";
import type { RbacAuthorizer } from "../../../auth/rbac/rbac-authorizer.ts";
import type { ResourceDef } from "../../resource-def.ts";
import { accessReviews } from "./access-reviews.ts";
import { authenticationReviews, type TokenAuthenticator } from "./authentication-reviews.ts";
import { clusterRoleBindings, roleBindings } from "./bindings.ts";
import { certificateSigningRequests } from "./certificate-signing-requests.ts";
import { clusterRoles, roles } from "./roles.ts";
import { serviceAccounts } from "./service-accounts.ts";

/** What the kinds of access ask. */
export interface AccessDependencies extends TokenAuthenticator {
  readonly authorizer: RbacAuthorizer;
  /** Is told of every change of a ClusterRole. */
  clusterRolesChanged(): void;
}

/** The kinds that say who may do what, and that answer who someone is and what they may do. */
export function accessKinds(access: AccessDependencies): readonly ResourceDef[] {
  const escalation = new Escalation(access.authorizer);
  return [
    serviceAccounts,
    roles(escalation),
    clusterRoles(escalation, () => access.clusterRolesChanged()),
    roleBindings(escalation),
    clusterRoleBindings(escalation),
    certificateSigningRequests,
    ...accessReviews(access.authorizer),
    ...authenticationReviews(access),
  ];
}
