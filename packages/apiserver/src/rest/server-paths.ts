import { answer } from "./answer.ts";
import type { Exchange } from "./exchange.ts";
import { methodNotAllowed } from "./refuse.ts";
import { version } from "./version.ts";

const json = "application/json";
const text = "text/plain; charset=utf-8";

/** What is checked of a server that is one process: that it answers. */
const checks = ["ping", "etcd"];

/** The paths that are about the server itself; undefined for what is none of them. */
export function onServerPath(exchange: Exchange): Promise<void> | undefined {
  const { path, request } = exchange;
  const reply = replyTo(path.length > 2 ? path.replace(/\/$/, "") : path, exchange);
  if (reply === undefined) return undefined;
  if (request.method !== "GET") throw methodNotAllowed();
  return answer(exchange, 200, ...reply);
}

function replyTo(path: string, { query, options }: Exchange): readonly [string, string] | undefined {
  if (path === "/version") return [json, JSON.stringify(version)];
  if (path === "/") return [json, JSON.stringify({ paths: rootPaths(options) })];
  const [, endpoint = "", check, ...rest] = path.split("/");
  if (!["healthz", "livez", "readyz"].includes(endpoint) || rest.length > 0) return undefined;
  if (check !== undefined) return checks.includes(check) ? [text, "ok"] : undefined;
  if (!query.has("verbose")) return [text, "ok"];
  return [text, `${checks.map((each) => `[+]${each} ok\n`).join("")}${endpoint} check passed\n`];
}

function rootPaths({ registry }: Exchange["options"]): readonly string[] {
  const groups = registry.defs.flatMap(({ group, version: each }) =>
    group === "" ? ["/api", `/api/${each}`] : ["/apis", `/apis/${group}`, `/apis/${group}/${each}`],
  );
  const own = ["/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"];
  return [...new Set([...groups, ...own])].sort();
}
