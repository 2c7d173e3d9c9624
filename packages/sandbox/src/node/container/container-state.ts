/** What a container is doing, as in status.containerStatuses[].state. */
export type ContainerState =
  | { readonly kind: "waiting"; readonly reason: string; readonly message?: string }
  | { readonly kind: "running"; readonly startedAt: Date }
  | Terminated;

export interface Terminated {
  readonly kind: "terminated";
  /** Of this life of the container. */
  readonly id: string;
  readonly exitCode: number;
  readonly reason: string;
  readonly message: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}
