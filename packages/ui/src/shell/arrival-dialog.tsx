import { useEffect, useRef } from "react";
import { useSession } from "../state/context.ts";
import type { Arrival } from "./arrival.ts";
import { useReturnedFocus } from "./use-returned-focus.ts";
import "./arrival-dialog.css";

export interface ArrivalDialogProps {
  readonly arrival: Arrival;
  readonly onOpen: () => void;
  readonly onAdd: () => void;
  readonly onLeave: () => void;
}

/** What was brought in, and what may become of it. Escape leaves it. */
export function ArrivalDialog({ arrival, onOpen, onAdd, onLeave }: ArrivalDialogProps) {
  const dialog = useRef<HTMLElement>(null);
  const { edited, files } = useSession();
  useReturnedFocus();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each that arrives is asked about
  useEffect(() => dialog.current?.querySelector("button")?.focus(), [arrival]);

  const { kind, base, refused } = arrival;
  const isOpenable = base.length > 0 || (kind === "link" && refused.length === 0);
  const replaced = base.filter(({ file }) => files.some((each) => each.file === file)).length;
  return (
    <section
      ref={dialog}
      className="arrivals"
      aria-label="What was brought in"
      role="alertdialog"
      onKeyDown={({ key }) => key === "Escape" && onLeave()}
    >
      {refused.map((sentence) => (
        <p key={sentence}>Left out: {sentence}.</p>
      ))}
      {isOpenable && (
        <p>
          {kind === "link"
            ? "The link carries a draft"
            : base.length === 1
              ? base[0]!.file
              : `${base.length} files`}
          {". "}
          {edited && "The draft that you edit now is given up when something else is opened. "}
          {kind === "files" &&
            replaced > 0 &&
            `Added, ${replaced === 1 ? "it replaces the one" : `${replaced} of them replace those`} of the same name. `}
        </p>
      )}
      <p>
        {isOpenable && (
          <button type="button" onClick={onOpen}>
            Open instead of what is here
          </button>
        )}{" "}
        {kind === "files" && base.length > 0 && (
          <button type="button" onClick={onAdd}>
            Add to the draft
          </button>
        )}{" "}
        <button type="button" onClick={onLeave}>
          Leave it
        </button>
      </p>
    </section>
  );
}
