import { useEffect } from "react";

/** When a panel goes that has the focus, the focus goes back to where it was when the panel came, or to the page. */
export function useReturnedFocus(): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (document.activeElement !== document.body) return;
      const isThere = before instanceof HTMLElement || before instanceof SVGElement;
      const to = isThere && before.isConnected && before !== document.body ? before : page();
      to?.focus({ preventScroll: true });
    };
  }, []);
}

function page(): HTMLElement | null {
  return document.getElementById("page");
}
