import type { RawContainer, RawHandler } from "../raw-pod.ts";
import { checkHttp } from "./check-http.ts";
import { checkTcp } from "./check-tcp.ts";

/** What came of a probe or a hook; `message` is the kubelet's words for an event. */
export interface CheckResult {
  readonly ok: boolean;
  readonly message: string;
}

/** Where a probe or a hook acts. */
export interface CheckPlace {
  readonly container: RawContainer;
  /** The pod's first address. */
  readonly address: string;
  /** Runs a program in the container: its exit code, and what it printed. */
  exec(command: readonly string[], timeoutMs: number): Promise<ExecOutcome>;
}

export interface ExecOutcome {
  readonly code: number;
  readonly output: string;
  readonly timedOut: boolean;
}

/** Longest output that an event tells, in characters. */
const longestOutput = 10 << 10;

/** Does once what a probe or a hook says. Never rejects: what cannot be done has failed. */
export async function check(handler: RawHandler, place: CheckPlace, timeoutMs: number): Promise<CheckResult> {
  const { exec, httpGet, tcpSocket, sleep, grpc } = handler;
  if (exec !== undefined) return checkExec(exec.command ?? [], place, timeoutMs);
  if (httpGet !== undefined) {
    const port = portOf(httpGet.port, place.container);
    return port === undefined ? noPort(httpGet.port) : checkHttp(httpGet, place.address, port, timeoutMs);
  }
  if (tcpSocket !== undefined) {
    const port = portOf(tcpSocket.port, place.container);
    return port === undefined
      ? noPort(tcpSocket.port)
      : checkTcp(tcpSocket.host || place.address, port, timeoutMs);
  }
  if (sleep !== undefined) {
    await new Promise((resolve) => setTimeout(resolve, sleep.seconds * 1000));
    return { ok: true, message: "" };
  }
  if (grpc !== undefined) return { ok: false, message: "grpc probes are not supported by this node" };
  return { ok: false, message: "missing probe handler" };
}

async function checkExec(
  command: readonly string[],
  place: CheckPlace,
  timeoutMs: number,
): Promise<CheckResult> {
  try {
    const { code, output, timedOut } = await place.exec(command, timeoutMs);
    const words = JSON.stringify(command.join(" "));
    if (timedOut)
      return { ok: false, message: `command timed out: ${words} timed out after ${timeoutMs / 1000}s` };
    return { ok: code === 0, message: output.slice(0, longestOutput) };
  } catch (error) {
    return { ok: false, message: (error as Error).message };
  }
}

/** A name is one of the container's own ports. */
function portOf(port: number | string, { ports = [] }: RawContainer): number | undefined {
  if (typeof port === "number") return port;
  return (
    ports.find(({ name }) => name === port)?.containerPort ?? (/^\d+$/.test(port) ? Number(port) : undefined)
  );
}

const noPort = (port: number | string): CheckResult => ({
  ok: false,
  message: `couldn't find port: ${String(port)}`,
});
