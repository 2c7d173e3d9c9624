import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { RawHttpGet } from "../raw-pod.ts";
import type { CheckResult } from "./check.ts";
import { dialError } from "./dial-error.ts";

const mostRedirects = 10;

/**
 * An HTTP probe: any status from 200 to 399 is success (API reference, HTTPGetAction). Sent from the node, which may
 * always reach its own pods. Redirects are followed on the same host only, as the kubelet does.
 */
export async function checkHttp(
  { host, path = "/", scheme = "HTTP", httpHeaders = [] }: RawHttpGet,
  address: string,
  port: number,
  timeoutMs: number,
): Promise<CheckResult> {
  const name = host || address;
  const literal = name.includes(":") ? `[${name}]` : name;
  const start = `${scheme.toLowerCase()}://${literal}:${port}${path.startsWith("/") ? path : `/${path}`}`;
  const headers = headersOf(httpHeaders);
  const signal = AbortSignal.timeout(timeoutMs);
  let url = start;
  try {
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const { statusCode: status = 0, headers: answered } = await get(url, headers, signal);
      const next = status >= 300 && status < 400 ? answered.location : undefined;
      if (next === undefined || new URL(next, url).hostname !== new URL(url).hostname)
        return status >= 200 && status < 400
          ? { ok: true, message: "" }
          : { ok: false, message: `HTTP probe failed with statuscode: ${status}` };
      url = new URL(next, url).href;
    }
    return { ok: false, message: `Get "${start}": stopped after ${mostRedirects} redirects` };
  } catch (error) {
    const late = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
    return { ok: false, message: `Get "${url}": ${signal.aborted ? late : dialError(error, address, port)}` };
  }
}

function get(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const secure = url.startsWith("https:");
    // A probe does not look at certificates (API reference, HTTPGetAction.scheme).
    const options = { headers, signal, agent: false as const, rejectUnauthorized: false };
    const asking = secure ? requestHttps(url, options) : requestHttp(url, options);
    asking.on("response", (response) => {
      response.on("error", () => {});
      response.destroy();
      resolve(response);
    });
    asking.on("error", reject);
    asking.end();
  });
}

function headersOf(given: NonNullable<RawHttpGet["httpHeaders"]>): Record<string, string> {
  const headers: Record<string, string> = {
    "User-Agent": "kube-probe/1.34",
    Accept: "*/*",
    Connection: "close",
  };
  for (const { name, value } of given) {
    const known = Object.keys(headers).find((each) => each.toLowerCase() === name.toLowerCase());
    headers[known ?? name] = value;
  }
  return headers;
}
