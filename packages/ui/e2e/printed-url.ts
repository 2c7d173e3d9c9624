import type { ChildProcess } from "node:child_process";

/** The address of the page that a `portcullis up` prints on stderr, which is read on so that it can go on printing. */
export function printedUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stderr!.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const [found] = /http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/.exec(text) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once("exit", () => reject(new Error(`up ended: ${text}`)));
  });
}
