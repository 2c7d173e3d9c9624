import type { FlowFile } from "../engine/flows/flow-protocol.ts";
import { filesOf, isOfLines, readDropped } from "../workbench/dropped-files.ts";
import type { Arrival } from "./arrival.ts";

type Told = (arrival: Arrival) => void;
type ToldFlows = (files: readonly FlowFile[]) => void;

/**
 * Tells of files that are dropped or pasted anywhere, and of drafts in the address; apart, of files of flow records. Gives
 * a function that ends it.
 */
export function watchArrivals(told: Told, toldFlows: ToldFlows): () => void {
  const ended = new AbortController();
  const options = { signal: ended.signal };
  // Before an editor takes the files for text.
  const early = { ...options, capture: true };
  window.addEventListener(
    "dragover",
    (event) => holdsFiles(event.dataTransfer) && event.preventDefault(),
    options,
  );
  window.addEventListener("drop", (event) => void take(event, event.dataTransfer, told, toldFlows), early);
  window.addEventListener("paste", (event) => void take(event, event.clipboardData, told, toldFlows), early);
  window.addEventListener("hashchange", () => void takeLink(told), options);
  void takeLink(told);
  return () => ended.abort();
}

async function take(
  event: Event,
  transfer: DataTransfer | null,
  told: Told,
  toldFlows: ToldFlows,
): Promise<void> {
  if (transfer === null) return;
  if (holdsFiles(transfer)) {
    event.preventDefault();
    event.stopPropagation();
    const dropped = await filesOf(transfer);
    const flows = dropped.filter(isOfLines);
    if (flows.length > 0) toldFlows(flows.map(({ path, content }) => ({ name: path, content })));
    const { files, refused } = await readDropped(dropped.filter((each) => !flows.includes(each)));
    if (files.length > 0 || flows.length === 0) tellFiles(files, refused, told);
  } else if (event.type === "paste" && !isTyping(event.target)) {
    const text = transfer.getData("text/plain");
    if (!/^\s*(?:#|---|\{|\w+:)/.test(text)) return;
    event.preventDefault();
    tellFiles([{ file: "pasted.yaml", text }], [], told);
  }
}

function tellFiles(files: Arrival["base"], refused: readonly string[], told: Told): void {
  if (files.length + refused.length === 0) return;
  const origin = files.length === 1 ? files[0]!.file : `${files.length} files of yours`;
  told({ kind: "files", base: files, draft: files, origin, refused });
}

function holdsFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes("Files") ?? false;
}

/** What is pasted into a field belongs there. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest("input, textarea, select, [contenteditable=true]") !== null
  );
}

async function takeLink(told: Told): Promise<void> {
  const text = /[?&]draft=([-\w]*)/.exec(location.hash)?.[1];
  if (text === undefined) return;
  // A reload shows what became of it, and asks nothing anew.
  history.replaceState(null, "", location.hash.replace(/[?&]draft=[-\w]*/, ""));
  const { unpackDraft } = await import("../workbench/share-link.ts");
  const shared = await unpackDraft(text);
  const refused = shared === undefined ? ["the draft of the link, which is damaged or cut off"] : [];
  told({ kind: "link", base: [], draft: [], ...shared, origin: "a draft of a link", refused });
}
