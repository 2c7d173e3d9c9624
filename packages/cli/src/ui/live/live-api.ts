import type { IncomingMessage } from "node:http";
import { flowLine } from "@portcullis/engine";
import type { KubeClient } from "@portcullis/kube";
import type { SandboxHandle } from "@portcullis/sandbox";
import { securityHeaders } from "../static-site.ts";
import { type Api, ApiProblem, sendJson } from "../ui-server.ts";
import { worldFiles } from "../world-files.ts";
import { applyDraft } from "./apply-draft.ts";
import type { LiveSource } from "./live-source.ts";
import { podRuleset } from "./pod-ruleset.ts";
import { Prober } from "./probe.ts";
import { readApply, readProbe, readProbeAll } from "./read-request.ts";

export interface LiveParts {
  readonly origin: string;
  readonly client: KubeClient;
  /** Begins to look at the first call. */
  readonly source: () => LiveSource;
  readonly sandbox: SandboxHandle | undefined;
}

/** Bytes of a request; a draft of ten megabytes is one. */
const mostBytes = 64 << 20;
/** Probes under way at the same time, for each of which the sandbox holds a socket. */
const atOnce = 512;

/** What a page can ask of a cluster that runs. */
export function liveApi({ origin, client, source, sandbox }: LiveParts): Api {
  // A page that has just been opened may ask about a pod before the watches have told of it.
  const cluster = () => source().watched.whenListed();
  const inSandbox = (): SandboxHandle => {
    if (sandbox === undefined) throw new ApiProblem(409, "this is done in a sandbox only");
    return sandbox;
  };
  return {
    "GET world": async (_, response) =>
      sendJson(response, { origin, files: await worldFiles(client), live: source().live }),
    "GET events": async (request, response) => source().hub.follow(request, response),
    "GET flows": async (_, response) => {
      const lines = (await source().recordedFlows()).map(flowLine);
      const headers = {
        ...securityHeaders,
        "content-type": "application/x-ndjson",
        "cache-control": "no-store",
      };
      response.writeHead(200, headers).end(lines.join(""));
    },
    "GET ruleset": async (_, response, url) =>
      sendJson(response, await podRuleset(inSandbox(), await cluster(), url.searchParams.get("pod") ?? "")),
    "POST probe": async (request, response) => {
      const asked = readProbe(await bodyOf(request));
      const [result] = await new Prober(inSandbox(), await cluster()).probe([asked]);
      sendJson(response, result);
    },
    "POST probe-all": async (request, response) => {
      const prober = new Prober(inSandbox(), await cluster());
      const requests = prober.requests(readProbeAll(await bodyOf(request)));
      response.writeHead(200, { ...securityHeaders, "content-type": "application/x-ndjson" });
      for (let at = 0; at < requests.length && !response.destroyed; at += atOnce) {
        for (const result of await prober.probe(requests.slice(at, at + atOnce)))
          response.write(`${JSON.stringify(result)}\n`);
      }
      response.end();
    },
    "POST apply": async (request, response) => {
      const { enforced } = inSandbox();
      const draft = readApply(await bodyOf(request));
      sendJson(response, await applyDraft(client, draft, enforced.bind(sandbox)));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) throw new ApiProblem(413, `at most ${mostBytes >> 20} MiB`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new ApiProblem(400, "the request is not JSON");
  }
}
