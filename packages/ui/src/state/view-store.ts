import { formatView, parseView, type ViewState } from "./view-state.ts";

/** The view, kept in the address: a reload, a link and the back button all lead where they should. */
export class ViewStore {
  readonly #window: Pick<Window, "location" | "history" | "addEventListener">;
  readonly #listeners = new Set<() => void>();
  #state: ViewState;

  constructor(window: Pick<Window, "location" | "history" | "addEventListener">) {
    this.#window = window;
    this.#state = parseView(window.location.hash);
    window.addEventListener("hashchange", () => {
      if (formatView(this.#state) !== window.location.hash) this.#become(parseView(window.location.hash));
    });
  }

  readonly snapshot = (): ViewState => this.#state;

  /** For useSyncExternalStore. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** A step that the back button takes back. */
  go(change: Partial<ViewState>): void {
    this.#move(change, "pushState");
  }

  /** A small change, such as a letter in a filter, that is no step. */
  adjust(change: Partial<ViewState>): void {
    this.#move(change, "replaceState");
  }

  #move(change: Partial<ViewState>, how: "pushState" | "replaceState"): void {
    const next = { ...this.#state, ...change };
    const { history } = this.#window;
    if (formatView(next) !== formatView(this.#state)) history[how](null, "", formatView(next));
    this.#become(next);
  }

  #become(state: ViewState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}
