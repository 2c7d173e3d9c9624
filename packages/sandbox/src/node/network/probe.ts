import { createSocket } from "node:dgram";
import { Socket } from "node:net";
import type { Probe, ProbeResult } from "../../contract.ts";
import { inNetwork, type NetworkNamespace } from "../system/namespaces.ts";
import { openSocket } from "../system/socket.ts";

const atOnce = 256;
const defaultTimeoutMs = 1_000;
/** How long a listener that neither speaks nor hangs up is listened to, at least. */
const speechMs = 200;

/** A probe with its sender's place looked up. */
export interface PlacedProbe extends Probe {
  /** Undefined is the node's own. */
  readonly network: NetworkNamespace | undefined;
  /** What a datagram says. */
  readonly sender: string;
}

type Finding = Omit<ProbeResult, "milliseconds">;

/** Sends every probe, at most 256 at a time; results are in the order of the probes. */
export async function runProbes(probes: readonly PlacedProbe[]): Promise<ProbeResult[]> {
  const results: ProbeResult[] = [];
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < probes.length; index = next++)
      results[index] = await run(probes[index]!);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, probes.length) }, worker));
  return results;
}

async function run(probe: PlacedProbe): Promise<ProbeResult> {
  const started = performance.now();
  const finding = await (probe.protocol === "TCP" ? probeTcp(probe) : probeUdp(probe)).catch(
    (error: NodeJS.ErrnoException): Finding => ({ outcome: outcomeOf(error) }),
  );
  return { ...finding, milliseconds: Math.round((performance.now() - started) * 10) / 10 };
}

const family = (address: string): "ipv4" | "ipv6" => (address.includes(":") ? "ipv6" : "ipv4");

function probeTcp({ network, address, port, timeoutMs = defaultTimeoutMs }: PlacedProbe): Promise<Finding> {
  return new Promise((resolve, reject) => {
    const fd = inNetwork(network, () => openSocket(family(address), "TCP"));
    // Not read from before it is connected. The option is net.Socket's own, though its types leave it out.
    const options = { fd, readable: true, writable: true, manualStart: true };
    const socket = new Socket(options);
    let heard = "";
    let connected = false;
    let cancel = after(timeoutMs, () => settle({ outcome: "timeout" }));
    const settle = (finding: Finding) => {
      cancel();
      socket.destroy();
      resolve(finding);
    };
    const speech = (): Finding => ({ outcome: "connected", ...reply(heard) });
    socket.setEncoding("utf8");
    socket.on("connect", () => {
      connected = true;
      cancel();
      cancel = after(Math.max(speechMs, timeoutMs), () => settle(speech()));
      // A listener that waits for us to speak first hangs up when we do.
      socket.end();
    });
    socket.on("data", (text: string) => {
      heard += text;
      if (heard.includes("\n")) settle(speech());
    });
    socket.on("end", () => settle(speech()));
    socket.on("error", (error) => {
      if (connected) return settle(speech());
      cancel();
      socket.destroy();
      reject(error);
    });
    socket.connect({ host: address, port });
  });
}

function probeUdp(probe: PlacedProbe): Promise<Finding> {
  const { network, address, port, sender, timeoutMs = defaultTimeoutMs } = probe;
  return new Promise((resolve, reject) => {
    const fd = inNetwork(network, () => openSocket(family(address), "UDP"));
    const socket = createSocket(family(address) === "ipv6" ? "udp6" : "udp4");
    let open = true;
    const close = () => {
      cancel();
      if (open) socket.close();
      open = false;
    };
    const cancel = after(timeoutMs, () => {
      close();
      resolve({ outcome: "timeout" });
    });
    socket.on("message", (message) => {
      close();
      resolve({ outcome: "connected", ...reply(message.toString("utf8")) });
    });
    socket.on("error", (error) => {
      close();
      reject(error);
    });
    socket.bind({ fd }, () => {
      // Connected, so that the kernel tells us of an ICMP answer.
      socket.connect(port, address, () => {
        if (open) socket.send(`${sender}\n`);
      });
    });
  });
}

/**
 * A timer that lets what has arrived meanwhile be heard first: on a busy machine the event loop may be so late that an
 * answer, and before it a question to a server of this same process, wait behind the timer. Returns what cancels it.
 */
function after(milliseconds: number, action: () => void): () => void {
  let open = true;
  let turns = 3;
  const turn = () => {
    if (!open) return;
    if (turns-- > 0) setImmediate(turn);
    else action();
  };
  const timer = setTimeout(turn, milliseconds);
  return () => {
    open = false;
    clearTimeout(timer);
  };
}

function reply(text: string): { readonly reply?: string } {
  const line = text.split("\n")[0]?.trim() ?? "";
  return line === "" ? {} : { reply: line };
}

function outcomeOf({ code }: NodeJS.ErrnoException): ProbeResult["outcome"] {
  if (code === "ECONNREFUSED" || code === "ECONNRESET") return "refused";
  return code === "ETIMEDOUT" ? "timeout" : "unreachable";
}
