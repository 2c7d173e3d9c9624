import { plural, printable } from "@portcullis/engine";
import { type ChangeEvent, useRef } from "react";
import { useRecordings, useSession, useWorkspace } from "../../state/context.ts";
import { sourceText } from "./records-words.ts";

/** Where the records are from, what could not be read of them, and the way to others. */
export function RecordsSource() {
  const { recordings } = useWorkspace();
  const { live } = useSession();
  const state = useRecordings();
  const input = useRef<HTMLInputElement>(null);

  function open({ target }: ChangeEvent<HTMLInputElement>): void {
    const files = [...(target.files ?? [])].map((content) => ({ name: content.name, content }));
    if (files.length > 0) recordings.openFiles(files);
    // The same file once more is a new one: it may have grown.
    target.value = "";
  }

  return (
    <>
      <p role="status" aria-busy={state.reading}>
        {printable(sourceText(state, live))}
      </p>
      <p className="choices">
        <input ref={input} type="file" multiple hidden onChange={open} aria-label="Flow records" />
        <button type="button" onClick={() => input.current?.click()}>
          Open flow records
        </button>{" "}
        {state.source.kind === "files" && (
          <button type="button" onClick={() => recordings.closeFiles()}>
            Close them
          </button>
        )}
      </p>
      {state.read && <Problems read={state.read} />}
    </>
  );
}

function Problems({
  read: { problems, refused },
}: {
  readonly read: NonNullable<ReturnType<typeof useRecordings>["read"]>;
}) {
  if (problems.length === 0) return null;
  const more = refused - problems.length;
  return (
    <ul className="record-problems">
      {problems.map(({ file, line, message }) => (
        <li key={`${file} ${line}`}>
          <span aria-hidden="true">✕</span> {printable(line === undefined ? file : `${file}:${line}`)}:{" "}
          {printable(message)}
        </li>
      ))}
      {more > 0 && <li>and {plural(more, "more line")} that cannot be read</li>}
    </ul>
  );
}
