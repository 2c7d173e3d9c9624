import type { UserImage } from "./images/user-images.ts";

/** What the supervisor tells the node part, as its only argument. */
export interface NodeConfig {
  readonly stateDirectory: string;
  /** Whether unknown images run the echo server. */
  readonly standIn: boolean;
  /** The user's own. */
  readonly images: readonly UserImage[];
  /** Whether the supervisor passes questions on to DNS servers outside. */
  readonly dnsUpstream: boolean;
  /** Whether connections that policies allow are recorded. */
  readonly flows: boolean;
}

/** What the node part tells the supervisor over the IPC channel. */
export type NodeMessage =
  | { readonly type: "ready" }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "log"; readonly line: string }
  /** Asked for by a control request; the node part ends now. */
  | { readonly type: "stopped" };
