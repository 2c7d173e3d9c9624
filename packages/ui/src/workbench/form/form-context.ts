import { createContext, useContext } from "react";
import type { Selected } from "../../engine/selected.ts";
import type { Names } from "../proposals.ts";
import { keyOf, type Locks } from "./model/locks.ts";
import type { FieldEdit, Path, Plain } from "./yaml/field-edit.ts";

/** What every part of the form works on. */
export interface FormWorks {
  /** Writes edits of the policy into the YAML; gives why it did not. */
  readonly edit: (edits: readonly FieldEdit[]) => string | undefined;
  readonly locks: Locks;
  /** What the cluster has to be named. */
  readonly names: Names;
  /** The policy's. */
  readonly namespace: string;
  /** Whom the selector at a path picks; another function when the engine knows a newer draft. */
  readonly askPicked: (path: Path) => Promise<Selected | undefined>;
  /** What the policy has at a path. */
  readonly valueAt: (path: Path) => Plain;
}

export const FormContext = createContext<FormWorks | undefined>(undefined);

export function useForm(): FormWorks {
  const works = useContext(FormContext);
  if (works === undefined) throw new Error("outside of the form");
  return works;
}

/** Why what stands at a path is shown only; undefined where it can be changed, as far as it is about this very place. */
export function useLock(path: Path | undefined): string | undefined {
  const { locks } = useForm();
  return path && locks.get(keyOf(path));
}
