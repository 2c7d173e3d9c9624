// Answers every request with one text, as the image hashicorp/http-echo does: -text, -listen, -status-code.
import { portOf, readFlags } from "./flags.ts";
import { serveHttp } from "./listen.ts";

const { flags } = readFlags(process.argv.slice(2));
const text = flags.get("text") ?? process.env.ECHO_TEXT ?? "hello-world";
const port = portOf(flags.get("listen") ?? ":5678");
const status = Number(flags.get("status-code") ?? 200);

serveHttp(port, (request, response) => {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "x-app-name": "http-echo" });
  response.end(`${text}\n`);
  process.stdout.write(`${new Date().toISOString()} ${request.method} ${request.url} ${status}\n`);
});
process.stdout.write(`server is listening on :${port}\n`);
process.on("SIGTERM", () => process.exit(0));
process.on("SIGINT", () => process.exit(0));
