import { type Extension, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import type { PeerHint } from "../engine/peer-hints.ts";

const texts: Readonly<Record<PeerHint["says"], string>> = {
  both: "both must hold",
  either: "or: either is enough",
  "either, both": "or: either is enough; in this one both must hold",
};

class HintWidget extends WidgetType {
  readonly #text: string;

  constructor(text: string) {
    super();
    this.#text = text;
  }

  override eq(other: HintWidget): boolean {
    return other.#text === this.#text;
  }

  toDOM(): HTMLElement {
    return Object.assign(document.createElement("span"), {
      className: "peer-hint",
      textContent: `← ${this.#text}`,
    });
  }

  override ignoreEvent(): boolean {
    return false;
  }
}

const setHints = StateEffect.define<readonly PeerHint[]>();

/** Quiet words behind the first line of a peer; until new ones come they move with the text. */
const shown = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(hints, transaction) {
    let next = hints.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (!effect.is(setHints)) continue;
      const builder = new RangeSetBuilder<Decoration>();
      const { doc } = transaction.state;
      let last = -1;
      for (const { offset, says } of effect.value) {
        if (offset > doc.length) continue;
        const { to } = doc.lineAt(offset);
        // One a line: peers that stand in one line are read at once anyway.
        if (to > last)
          builder.add(to, to, Decoration.widget({ widget: new HintWidget(texts[says]), side: 1 }));
        last = Math.max(last, to);
      }
      next = builder.finish();
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function peerHintWidgets(): Extension {
  return shown;
}

export function showPeerHints(view: EditorView, hints: readonly PeerHint[]): void {
  view.dispatch({ effects: setHints.of(hints) });
}
