import { type FormEvent, useState } from "react";
import type { ProbeRequest, ProbeResult } from "../server-api.ts";
import { post } from "../state/ask-server.ts";
import { useSession } from "../state/context.ts";
import { ProbeAll } from "./probe-all.tsx";

/** One real packet, beside what was predicted for it. */
export function ProbeBox() {
  const pods = usePods();
  const [result, setResult] = useState<ProbeResult>();
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);

  async function send(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "");
    const request: ProbeRequest = {
      source: text("source"),
      destination: text("destination"),
      protocol: text("protocol") === "UDP" ? "UDP" : "TCP",
      port: Number(text("port")),
    };
    setBusy(true);
    setResult(undefined);
    try {
      setResult(await post<ProbeResult>("probe", request));
      setProblem("");
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <section aria-label="Probe">
      <h2>Send a packet</h2>
      <form className="live-tools" onSubmit={(event) => void send(event)}>
        <label>
          From{" "}
          <select name="source" required>
            {pods.map((pod) => (
              <option key={pod}>{pod}</option>
            ))}
          </select>
        </label>
        <label>
          to <input name="destination" list="probe-pods" required defaultValue={pods[1] ?? pods[0] ?? ""} />
          <datalist id="probe-pods">
            {pods.map((pod) => (
              <option key={pod}>{pod}</option>
            ))}
          </datalist>
        </label>
        <label>
          Protocol{" "}
          <select name="protocol">
            <option>TCP</option>
            <option>UDP</option>
          </select>
        </label>
        <label>
          Port <input name="port" type="number" min={1} max={65535} required defaultValue={80} />
        </label>
        <button type="submit" disabled={busy || pods.length === 0}>
          {busy ? "Sending …" : "Send"}
        </button>
      </form>
      <p className="problem" role="alert">
        {problem}
      </p>
      {result && <Seen result={result} />}
      <ProbeAll />
    </section>
  );
}

const words: Readonly<Record<ProbeResult["outcome"], string>> = {
  answered: "✓ it was answered",
  refused: "✓ it arrived, and nothing listens there",
  silent: "✕ nothing came back",
  unreachable: "! there is no way there",
  "not-probed": "! it was not sent",
};

function Seen({ result }: { readonly result: ProbeResult }) {
  const { request, outcome, detail, milliseconds, prediction, agrees } = result;
  return (
    <div className={`seen ${prediction.allowed ? "allowed" : "denied"}`} role="status">
      <p>
        <strong>
          {request.source} → {request.destination} {request.protocol} {request.port}
        </strong>
      </p>
      <p>
        Seen: {words[outcome]}
        {detail === "" ? "" : ` (${detail})`} after {Math.round(milliseconds)} ms.
      </p>
      <p>
        Predicted: {prediction.allowed ? "✓ allowed" : "✕ denied"}. {prediction.sentence}
      </p>
      <p>
        {agrees === undefined
          ? "Nothing can be said of whether they agree."
          : agrees
            ? "✓ What was seen is what was predicted."
            : "! What was seen is NOT what was predicted."}
      </p>
    </div>
  );
}

/** Pods of the cluster, `namespace/name`. */
function usePods(): readonly string[] {
  const { base } = useSession();
  return [...new Set(base?.peers.flatMap(({ podNames }) => podNames) ?? [])].sort();
}
