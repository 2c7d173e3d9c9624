import type { ReactNode } from "react";
import { useLock } from "../form-context.ts";
import type { Path } from "../yaml/field-edit.ts";

export interface LockableProps {
  readonly path: Path;
  /** Names it as a group. */
  readonly title?: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A part of the policy; where a form has no field for how it is written, it is shown only, with the reason. */
export function Lockable({ path, title, className, children }: LockableProps) {
  const why = useLock(path);
  if (title === undefined && why === undefined) return <div className={className}>{children}</div>;
  return (
    <fieldset className={className ?? "bare"} disabled={why !== undefined}>
      <legend className={title === undefined ? "only-read" : undefined}>{title ?? "shown only"}</legend>
      {why !== undefined && <p className="lock">Shown only; change it in the YAML. {why}</p>}
      {children}
    </fieldset>
  );
}
