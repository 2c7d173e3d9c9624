import type { ReactNode } from "react";

export interface StatusLineProps {
  /** What was found last. */
  readonly children: ReactNode;
  /** What is being done about the draft that is newer than that; undefined when nothing is. */
  readonly doing: string | undefined;
}

/** What is so, told to who listens when it is settled; until then with the word that it is of a draft before. */
export function StatusLine({ children, doing }: StatusLineProps) {
  return (
    <p role="status" aria-busy={doing !== undefined}>
      {children}
      {doing !== undefined && <span className="doing quiet"> {doing} …</span>}
    </p>
  );
}
