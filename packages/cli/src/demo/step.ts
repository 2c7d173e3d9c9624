import type { PodRef } from "@portcullis/sandbox";

/** One step of the tutorial, as data. Manifests are named by their file in examples/tutorial. */
export interface Step {
  readonly number: string;
  readonly title: string;
  /** One or two sentences. */
  readonly teaching: string;
  readonly actions: readonly Action[];
  /** What is predicted and then tried once the actions have been carried out. */
  readonly checks: readonly Check[];
}

export type Action =
  | {
      readonly kind: "apply";
      readonly files: readonly string[];
      /** Print the first manifest below the command, or, of two versions of it, what differs from the earlier file. */
      readonly show?: "whole" | { readonly differsFrom: string };
    }
  | { readonly kind: "delete"; readonly files: readonly string[] }
  /** Show pods and Services. */
  | { readonly kind: "get" };

/** Every pod of the list to every other one on each port. */
export interface Check {
  /** curl: a real HTTP request to the ClusterIP of the Service that bears the pod's name. probe: a TCP connection to the pod. */
  readonly by: "curl" | "probe";
  readonly pods: readonly PodRef[];
  readonly ports: readonly number[];
}
