import { type ManifestFile, printable } from "@portcullis/engine";
import { type ReactNode, useState } from "react";
import { useWorkspace } from "../state/context.ts";
import { freeName } from "./free-name.ts";
import { RenameFile } from "./rename-file.tsx";

export interface FileTabsProps {
  readonly files: readonly ManifestFile[];
  readonly open: string;
  readonly onOpen: (file: string) => void;
  /** What else is chosen there. */
  readonly children?: ReactNode;
}

/** Which file is edited, and what can be done to it as a whole. */
export function FileTabs({ files, open, onOpen, children }: FileTabsProps) {
  const { session } = useWorkspace();
  const [renaming, setRenaming] = useState(false);
  function add(): void {
    const name = freeName("policy-1.yaml", files);
    session.edit(name, "");
    onOpen(name);
  }
  function rename(name: string): void {
    setRenaming(false);
    const text = files.find(({ file }) => file === open)?.text;
    if (text === undefined || name === open) return;
    session.edit(open, undefined);
    session.edit(name, text);
    onOpen(name);
  }
  return (
    <div className="file-tabs">
      <label>
        File{" "}
        <select value={open} onChange={({ target }) => onOpen(target.value)}>
          {files.map(({ file }) => (
            <option key={file} value={file}>
              {printable(file)}
            </option>
          ))}
        </select>
      </label>
      <button type="button" onClick={add}>
        New file
      </button>
      <button type="button" disabled={open === ""} onClick={() => setRenaming(!renaming)}>
        Rename it
      </button>
      <button type="button" disabled={open === ""} onClick={() => session.edit(open, undefined)}>
        Remove it
      </button>
      {children}
      {renaming && (
        <RenameFile
          key={open}
          name={open}
          files={files}
          onRename={rename}
          onCancel={() => setRenaming(false)}
        />
      )}
    </div>
  );
}
