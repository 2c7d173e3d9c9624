/** Where the objects come from that a command is about; see `addWorldOptions`. */
export interface WorldOptions {
  readonly filename?: readonly string[];
  readonly recursive?: boolean;
  /** A sandbox. */
  readonly name?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  /** The cluster of the current context. */
  readonly cluster?: boolean;
  /** These namespaces of a cluster only. */
  readonly within?: readonly string[];
  /** Judge staged policies as if they were in force. */
  readonly staged?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** Stop at the first object with an error. */
  readonly failFast?: boolean;
}
