import type { UserInfo } from "../auth/user.ts";

export interface WriteOptions {
  /** Everything but the write itself. */
  readonly dryRun?: boolean;
  /** Who the changed fields belong to (`metadata.managedFields`). Without it, fields that nobody manages stay so. */
  readonly fieldManager?: string;
  /** The object comes out of a server-side apply, which has accounted for the fields. */
  readonly applied?: boolean;
  readonly user?: UserInfo;
}

export interface UpdateOptions extends WriteOptions {
  /** `status` replaces the status only, `finalize` the `spec.finalizers` only. */
  readonly subresource?: "status" | "scale" | "finalize";
}
