import { type FocusEvent, useEffect, useRef } from "react";

/**
 * When what has the focus goes, as a row does that is removed by its own button, the focus goes to the nearest part around
 * it that is still there, and not to the top of the page. Gives what the outermost part takes as `onFocus`.
 */
export function useKeptFocus(): (event: FocusEvent<HTMLElement>) => void {
  const around = useRef<readonly HTMLElement[]>([]);
  // After each drawing: whatever was drawn may have taken the focus along.
  useEffect(() => {
    const [last, ...outer] = around.current;
    if (last === undefined || last.isConnected || document.activeElement !== document.body) return;
    const there = outer.find((element) => element.isConnected);
    there?.querySelector<HTMLElement>("input:enabled, select:enabled, button:enabled")?.focus();
  });
  return ({ target, currentTarget }) => {
    const chain: HTMLElement[] = [];
    for (
      let at: HTMLElement | null = target;
      at !== null;
      at = at === currentTarget ? null : at.parentElement
    )
      chain.push(at);
    around.current = chain;
  };
}
