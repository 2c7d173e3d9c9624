import { useEffect } from "react";

/** When a panel goes that has the focus, the focus goes back to where it was when the panel came, or to the page. */
export function useReturnedFocus(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (!isLost()) return;
      if (before instanceof HTMLElement || before instanceof SVGElement)
        before.focus({ preventScroll: true });
      // It is gone with its view, or about to go.
      if (isLost()) document.getElementById("page")?.focus({ preventScroll: true });
    };
  }, []);
}

function isLost(): boolean {
  return document.activeElement === document.body;
}
