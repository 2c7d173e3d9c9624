import { randomBytes } from "node:crypto";
import type { UserInfo } from "@portcullis/apiserver";

/** Who has the sandbox's kubeconfig: may do everything. */
export const administrator: UserInfo = {
  name: "kubernetes-admin",
  groups: ["system:masters", "system:authenticated"],
};

/** Nobody guesses it: 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}
