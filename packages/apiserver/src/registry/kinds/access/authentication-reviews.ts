import type { Authentication } from "../../../auth/authentication.ts";
import { asList, asString } from "../../../json.ts";
import type { ResourceDef } from "../../resource-def.ts";
import { required } from "../validation/field-errors.ts";
import { review, userInfoOf } from "./review.ts";

const group = "authentication.k8s.io";

export type TokenAuthenticator = Pick<Authentication, "authenticateToken">;

/** authentication.k8s.io/v1: who someone is (`kubectl auth whoami`). */
export function authenticationReviews(tokens: TokenAuthenticator): readonly ResourceDef[] {
  return [
    review({
      group,
      kind: "SelfSubjectReview",
      status: (_, user) => ({ userInfo: userInfoOf(user) }),
    }),
    review({
      group,
      kind: "TokenReview",
      validate: ({ token }) => (asString(token) === "" ? [required("spec.token")] : []),
      status: ({ token, audiences }) => {
        const asked = asList(audiences).map(asString);
        const found = tokens.authenticateToken(asString(token), asked.length > 0 ? asked : undefined);
        if (found === undefined) return { user: {}, error: "invalid bearer token" };
        return { authenticated: true, user: userInfoOf(found.user), audiences: found.audiences };
      },
    }),
  ];
}
