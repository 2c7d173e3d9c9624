import type { ManifestFile } from "@portcullis/engine";
import { useWorkspace } from "../state/context.ts";

export interface FileTabsProps {
  readonly files: readonly ManifestFile[];
  readonly open: string;
  readonly onOpen: (file: string) => void;
}

export function FileTabs({ files, open, onOpen }: FileTabsProps) {
  const { session } = useWorkspace();
  function add(): void {
    const names = new Set(files.map(({ file }) => file));
    let number = 1;
    while (names.has(`policy-${number}.yaml`)) number++;
    session.edit(`policy-${number}.yaml`, "");
    onOpen(`policy-${number}.yaml`);
  }
  return (
    <div className="file-tabs">
      <label>
        File{" "}
        <select value={open} onChange={({ target }) => onOpen(target.value)}>
          {files.map(({ file }) => (
            <option key={file}>{file}</option>
          ))}
        </select>
      </label>
      <button type="button" onClick={add}>
        New file
      </button>
      <button type="button" disabled={open === ""} onClick={() => session.edit(open, undefined)}>
        Remove it
      </button>
    </div>
  );
}
