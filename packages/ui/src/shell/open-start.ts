import type { ServedWorld } from "../server-api.ts";
import type { Session } from "../state/session.ts";
import { readOpened } from "./opened-files.ts";

/** What the app shows first: files that were opened before a reload, what its server has, or an example. */
export async function openStart(session: Session): Promise<void> {
  const opened = readOpened();
  if (opened !== undefined) {
    session.reopen(opened.files, opened.origin);
    return;
  }
  const { origin, files, live } = (await servedWorld()) ?? (await example());
  session.load(files, origin, live);
}

/** What `portcullis ui` or `up` serves beside the page; see `server-api.ts`. */
async function servedWorld(): Promise<ServedWorld | undefined> {
  if (document.querySelector('meta[name="portcullis-server"]') === null) return undefined;
  const answer = await fetch("api/world", { headers: { accept: "application/json" } });
  return answer.ok ? ((await answer.json()) as ServedWorld) : undefined;
}

async function example(): Promise<ServedWorld> {
  const { threeTierShop } = await import("./examples.ts");
  return { origin: "the example of a shop", files: threeTierShop };
}
