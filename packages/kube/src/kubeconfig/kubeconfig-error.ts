/** A kubeconfig, or what it points to, that cannot be used; the user's to mend. */
export class KubeconfigError extends Error {
  /** What to do about it, one sentence; "" when there is nothing more to say. */
  readonly mend: string;

  constructor(message: string, mend = "") {
    super(message);
    this.name = "KubeconfigError";
    this.mend = mend;
  }
}
