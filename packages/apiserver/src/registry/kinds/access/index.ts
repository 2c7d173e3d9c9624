import type { Authorizer } from "../../../auth/user.ts";
import type { ResourceDef } from "../../resource-def.ts";
import { accessReviews } from "./access-reviews.ts";
import { authenticationReviews, type TokenAuthenticator } from "./authentication-reviews.ts";
import { clusterRoleBindings, roleBindings } from "./bindings.ts";
import { certificateSigningRequests } from "./certificate-signing-requests.ts";
import { clusterRoles, roles } from "./roles.ts";
import { serviceAccounts } from "./service-accounts.ts";

/** What the kinds of access ask. */
export interface AccessDependencies extends TokenAuthenticator {
  readonly authorizer: Authorizer;
  /** Is told of every change of a ClusterRole. */
  clusterRolesChanged(): void;
}

/** The kinds that say who may do what, and that answer who someone is and what they may do. */
export function accessKinds(access: AccessDependencies): readonly ResourceDef[] {
  return [
    serviceAccounts,
    roles,
    clusterRoles(() => access.clusterRolesChanged()),
    roleBindings,
    clusterRoleBindings,
    certificateSigningRequests,
    ...accessReviews(access.authorizer),
    ...authenticationReviews(access),
  ];
}
