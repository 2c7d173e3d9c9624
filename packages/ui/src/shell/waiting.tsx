import type { ReactNode } from "react";

/** In place of what is not known yet. */
export function Waiting({ children }: { readonly children: ReactNode }) {
  return (
    <p className="quiet waiting" aria-busy="true">
      {children} …
    </p>
  );
}
