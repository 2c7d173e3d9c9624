import type { ChildProcess } from "node:child_process";

/** The address that `portcullis up` prints for the web app, with its token. */
export async function printedUrl(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stderr!) {
    text += chunk;
    const [found] = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(text) ?? [];
    if (found !== undefined) {
      child.stderr!.resume();
      return found;
    }
  }
  throw new Error(`up ended: ${text}`);
}
