// A server that a benchmark talks to, in a process of its own: `api-process.js api|bare SOCKET`. Prints a line when it
// listens; a line on its standard input is answered with its resident memory in KiB. It ends with its input.

import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { ApiServer } from "@portcullis/apiserver";

const [kind = "", socketPath = ""] = process.argv.slice(2);

if (kind === "api") {
  const server = new ApiServer({ clusterCidrs: { services: ["10.96.0.0/16"] } });
  await server.listen({ socketPath });
} else {
  await listenBare();
}
const lines = createInterface({ input: process.stdin });
lines.on("line", () => {
  globalThis.gc?.();
  console.log(Math.round(process.memoryUsage().rss / 1024));
});
lines.on("close", () => process.exit(0));
console.log("listening");

/** What any server in JavaScript has to do at least: take JSON, keep it, give it back; a list is all there is. */
async function listenBare(): Promise<void> {
  const objects: unknown[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (request.method === "POST") objects.push(JSON.parse(Buffer.concat(chunks).toString("utf8")));
      const text = JSON.stringify(request.method === "POST" ? objects.at(-1) : { items: objects });
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(text),
      });
      response.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
}
