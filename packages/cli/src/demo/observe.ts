import type { SandboxHandle } from "@portcullis/sandbox";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Prediction } from "./predict.ts";
import { podText } from "./question.ts";

/** What became of a real packet. */
export interface Observation {
  /** connected: the right pod answered. dropped: silence. other: anything that neither verdict leads to. */
  readonly outcome: "connected" | "dropped" | "other";
  /** What the program that sent it said. */
  readonly words: string;
}

/** Milliseconds of silence that count as a drop; on one machine an answer takes well under one. */
const silenceMs = 1000;

/** Tries every prediction for real, all at once: each denied one waits out its silence. */
export async function observe(
  sandbox: SandboxHandle,
  predictions: readonly Prediction[],
): Promise<Observation[]> {
  const probed = predictions.filter(({ question }) => question.by === "probe");
  const [probes, curls] = await Promise.all([
    probe(sandbox, probed),
    Promise.all(
      predictions.filter(({ question }) => question.by === "curl").map((each) => curl(sandbox, each)),
    ),
  ]);
  return predictions.map(({ question }) => (question.by === "curl" ? curls.shift()! : probes.shift()!));
}

/** The command that a prediction of a curl step is tried with. */
export function curlCommand({ address, question }: Prediction): string[] {
  const host = address.includes(":") ? `[${address}]` : address;
  const url = question.port === 80 ? `http://${host}` : `http://${host}:${question.port}`;
  return ["curl", "-sS", "-m", String(silenceMs / 1000), url];
}

/** curl's exit code for a connection or transfer that took too long (man 1 curl, EXIT CODES). */
const timedOut = 28;

/** A shell's codes for a program that cannot be run, or is not there, and for those that a signal ended, begin here. */
const cannotRun = 126;

async function curl(sandbox: SandboxHandle, prediction: Prediction): Promise<Observation> {
  const result = await sandbox.exec(prediction.question.from, curlCommand(prediction), { timeoutMs: 10_000 });
  if (result.code === timedOut) return { outcome: "dropped", words: lastLine(result.stderr) };
  // A program that did not run has sent no packet, which says nothing of any policy.
  if (result.code >= cannotRun) {
    const { from } = prediction.question;
    throw new CliError(
      exitCode.unavailable,
      `curl did not run in pod ${podText(from)}: ${lastLine(result.stderr) || `exit code ${result.code}`}`,
      "`portcullis doctor` says what this machine lacks.",
    );
  }
  const title = /<title>.*?<\/title>/i.exec(result.stdout)?.[0];
  if (result.code === 0 && title !== undefined) return { outcome: "connected", words: title };
  return {
    outcome: "other",
    words: lastLine(result.stderr) || lastLine(result.stdout) || `exit ${result.code}`,
  };
}

async function probe(sandbox: SandboxHandle, predictions: readonly Prediction[]): Promise<Observation[]> {
  if (predictions.length === 0) return [];
  const results = await sandbox.probe(
    predictions.map(({ question: { from, port }, address }) => ({
      from,
      address,
      port,
      protocol: "TCP",
      timeoutMs: silenceMs,
    })),
  );
  return results.map(({ outcome, reply }, index): Observation => {
    const { to } = predictions[index]!.question;
    if (outcome === "timeout") return { outcome: "dropped", words: "no answer" };
    if (outcome !== "connected") return { outcome: "other", words: outcome };
    // A connection that ends somewhere else is not what was predicted.
    if (reply !== undefined && !reply.includes(to.name)) {
      return { outcome: "other", words: `answered by ${reply} instead of ${podText(to)}` };
    }
    return { outcome: "connected", words: reply ?? "connected" };
  });
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1)?.trim() ?? "";
}
