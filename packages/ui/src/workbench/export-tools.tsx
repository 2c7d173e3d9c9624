import { useState } from "react";
import { CopyButton } from "../reach/copy-button.tsx";
import { useSession, useWorkspace } from "../state/context.ts";
import { asCommand, asOneFile, asPatch, changedFiles } from "./export-texts.ts";
import { longestLink, packDraft } from "./share-link.ts";

/** Ways out of the workbench: a link, a file, a command, a patch. */
export function ExportTools() {
  const { session } = useWorkspace();
  const { files, edited } = useSession();
  const [told, setTold] = useState("");

  async function share(): Promise<void> {
    const text = await packDraft({ base: session.base, draft: files });
    if (text.length > longestLink) {
      setTold(
        `too long for a link: ${kilobytes(text.length)}, and at most ${kilobytes(longestLink)} travel safely; ` +
          "download the files instead",
      );
      return;
    }
    const link = `${location.href.replace(/#.*$/, "")}#/workbench?draft=${text}`;
    try {
      await navigator.clipboard.writeText(link);
      setTold(`copied, ${kilobytes(link.length)}; whoever has the link has the manifests`);
    } catch {
      setTold("the browser does not allow to copy");
    }
  }

  return (
    <details className="export">
      <summary>Share and export</summary>
      <p className="choices">
        <button type="button" onClick={() => void share()}>
          Copy a link to this draft
        </button>{" "}
        <button type="button" onClick={() => download("manifests.yaml", asOneFile(files))}>
          Download all as YAML
        </button>{" "}
        {edited && (
          <>
            <CopyButton label="Copy for kubectl apply" text={asCommand(changedFiles(session.base, files))} />
            <button type="button" onClick={() => download("draft.patch", asPatch(session.base, files))}>
              Download the changes as a patch
            </button>
          </>
        )}
      </p>
      <p className="quiet" role="status">
        {told}
      </p>
    </details>
  );
}

function kilobytes(characters: number): string {
  return `${Math.max(1, Math.round(characters / 1000))} kB`;
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
