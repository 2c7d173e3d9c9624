import { useState } from "react";
import type { ProbeAllRequest, ProbeResult } from "../server-api.ts";
import { ProbedMatrix } from "./probed-matrix.tsx";

interface Progress {
  readonly done: number;
  readonly confirmed: number;
  readonly disagreeing: readonly ProbeResult[];
  readonly notSent: number;
  readonly ended: boolean;
  readonly port: number;
  readonly results: readonly ProbeResult[];
}

/** Every pair of pods at a port, with real packets. */
export function ProbeAll() {
  const [port, setPort] = useState(80);
  const [progress, setProgress] = useState<Progress>();
  const [problem, setProblem] = useState("");

  async function run(): Promise<void> {
    let known: Progress = {
      done: 0,
      confirmed: 0,
      disagreeing: [],
      notSent: 0,
      ended: false,
      port,
      results: [],
    };
    setProgress(known);
    setProblem("");
    try {
      for await (const results of probeAll({ ports: [{ protocol: "TCP", port }] })) {
        known = { ...results.reduce(withResult, known), results: [...known.results, ...results] };
        setProgress(known);
      }
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setProgress({ ...known, ended: true });
  }

  return (
    <div className="probe-all">
      <p className="live-tools">
        <label>
          Every pair at TCP{" "}
          <input
            type="number"
            min={1}
            max={65535}
            value={port}
            onChange={({ target }) => setPort(target.valueAsNumber)}
          />
        </label>
        <button
          type="button"
          disabled={(progress !== undefined && !progress.ended) || !(port >= 1)}
          onClick={() => void run()}
        >
          Probe all
        </button>
        <span role="status">{progress && textOf(progress)}</span>
        <span className="problem">{problem}</span>
      </p>
      {progress && progress.results.length > 0 && (
        <ProbedMatrix port={progress.port} results={progress.results} />
      )}
      {progress && progress.disagreeing.length > 0 && (
        <ul>
          {progress.disagreeing.map(({ request, outcome, prediction }) => (
            <li key={`${request.source} ${request.destination} ${request.port}`}>
              ! {request.source} → {request.destination}: {outcome}, though {prediction.sentence}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function textOf({ done, confirmed, disagreeing, notSent, ended }: Progress): string {
  const rest = notSent === 0 ? "" : `, ${notSent} not sent`;
  const verdict = disagreeing.length === 0 ? "" : `, ${disagreeing.length} NOT as predicted`;
  return `${ended ? "" : "… "}${done} probes: ${confirmed} as predicted${verdict}${rest}`;
}

function withResult(known: Progress, result: ProbeResult): Progress {
  const { agrees } = result;
  return {
    ...known,
    done: known.done + 1,
    confirmed: known.confirmed + (agrees === true ? 1 : 0),
    notSent: known.notSent + (agrees === undefined ? 1 : 0),
    disagreeing: agrees === false ? [...known.disagreeing, result] : known.disagreeing,
  };
}

/** Results as they come, those of one piece of the answer together. */
async function* probeAll(request: ProbeAllRequest): AsyncGenerator<readonly ProbeResult[]> {
  const answer = await fetch("api/probe-all", {
    method: "POST",
    headers: { "content-type": "application/json", "x-portcullis": "1" },
    body: JSON.stringify(request),
  });
  if (!answer.ok || answer.body === null)
    throw new Error(((await answer.json()) as { readonly error: string }).error);
  let rest = "";
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split("\n");
    rest = lines.pop() ?? "";
    yield lines.map((line) => JSON.parse(line) as ProbeResult);
  }
}
