import type { ManifestFile } from "@portcullis/engine";
import { type FormEvent, useState } from "react";

export interface RenameFileProps {
  readonly name: string;
  readonly files: readonly ManifestFile[];
  readonly onRename: (name: string) => void;
  readonly onCancel: () => void;
}

export function RenameFile({ name, files, onRename, onCancel }: RenameFileProps) {
  const [typed, setTyped] = useState(name);
  const wanted = typed.trim();
  const taken = wanted !== name && files.some(({ file }) => file === wanted);
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (wanted !== "" && !taken) onRename(wanted);
  }
  return (
    <form
      className="rename"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      <label>
        New name <input value={typed} onChange={({ target }) => setTyped(target.value)} />
      </label>{" "}
      <button type="submit" disabled={wanted === "" || taken}>
        Rename
      </button>{" "}
      <span role="status">{taken ? "There is a file of this name." : ""}</span>
    </form>
  );
}
