import type { ServedWorld } from "../server-api.ts";
import { get } from "../state/ask-server.ts";
import type { Session } from "../state/session.ts";
import { readOpened } from "./opened-files.ts";

/**
 * What the app shows first: files that were opened before a reload, what its server has, or an example. When the server
 * does not say what it has, the session tells why.
 */
export async function openStart(session: Session): Promise<void> {
  const opened = readOpened();
  if (opened !== undefined) {
    session.reopen(opened.files, opened.origin);
    return;
  }
  try {
    const { origin, files, live } = (await servedWorld()) ?? (await example());
    session.load(files, origin, live);
  } catch (error) {
    session.fail(error instanceof TypeError ? "portcullis does not answer" : (error as Error).message);
  }
}

/** What `portcullis ui` or `up` serves beside the page; see `server-api.ts`. */
async function servedWorld(): Promise<ServedWorld | undefined> {
  if (document.querySelector('meta[name="portcullis-server"]') === null) return undefined;
  return await get<ServedWorld>("world");
}

async function example(): Promise<ServedWorld> {
  const { threeTierShop } = await import("./examples.ts");
  return { origin: "the example of a shop", files: threeTierShop };
}
