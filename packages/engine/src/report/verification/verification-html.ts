import { htmlHead, tablesStyle } from "../text/html-page.ts";
import { markupText } from "../text/markup-text.ts";
import {
  count,
  type Disagreement,
  decidingText,
  isConfirmed,
  matrixLegend,
  type Verification,
  type VerifiedAssertion,
  type VerifiedPair,
} from "./verification.ts";
import { matrixLevel, type VerificationCell, verificationMatrix } from "./verification-matrix.ts";

/**
 * The report as one self-contained page: no script, nothing from elsewhere, every name escaped.
 * @param everyPod Draw every pod instead of summing up (default false).
 */
export function verificationHtml(verification: Verification, everyPod = false): string {
  const { pods, services, policies, pairs, probes, notes, notProbed, disagreements, assertions } =
    verification;
  const confirmed = isConfirmed(verification);
  const level = matrixLevel(verification, everyPod);
  const figures = [
    count(pods.length, "pod"),
    count(services.length, "Service"),
    count(policies, "policy", "policies"),
    count(pairs.length, "pair"),
    count(probes, "probe"),
    count(disagreements.length, "disagreement"),
  ];
  const suffix = level === "namespaces" ? ", by namespace" : "";
  const table = (kind: VerifiedPair["kind"]) => matrixHtml(verificationMatrix(verification, kind, level));
  const body = [
    `<h1>portcullis verify: ${confirmed ? "confirmed" : "not confirmed"}</h1>`,
    `<p class="${confirmed ? "allow" : "deny"}">${figures.join(" · ")}</p>`,
    listHtml(notes),
    ...disagreements.map(disagreementHtml),
    assertions.length === 0 ? "" : assertionsHtml(assertions),
    pairs.some(({ kind }) => kind === "pod") ? `<h2>Pods to pods${suffix}</h2>${table("pod")}` : "",
    services.length === 0 ? "" : `<h2>Pods to Services${suffix}</h2>${table("service")}`,
    `<p class="legend">${matrixLegend
      .split(/ {2,}/)
      .map((sign) => `<span>${markupText(sign)}</span>`)
      .join(" ")}</p>`,
    notProbed.length === 0 ? "" : "<h2>Not probed</h2>",
    listHtml(notProbed.map(({ what, why }) => `${what}: ${why}`)),
  ];
  return `${htmlHead("portcullis verify", style)}${body.filter((part) => part !== "").join("\n")}
</body>
</html>
`;
}

const style = `${tablesStyle}h2 { font-size: 1.1rem; margin-top: 2rem; }
th, td { border: 1px solid var(--line); padding: .2rem .5rem; text-align: center; white-space: nowrap; }
th { font-weight: 600; text-align: left; }
th[scope=row] { position: sticky; left: 0; background: Canvas; box-shadow: inset -1px 0 var(--line); }
.assertions th[scope=row] { white-space: normal; min-width: 9rem; }
.details { text-align: left; white-space: pre-line; }
.legend span { display: inline-block; margin-right: 1rem; }
.allow { color: var(--allow); } .deny { color: var(--deny); } .none { opacity: .4; }
.disagrees { outline: 2px solid var(--deny); outline-offset: -2px; font-weight: 700; }
pre { background: #8881; padding: .75rem; overflow-x: auto; }
`;

function matrixHtml(matrix: ReturnType<typeof verificationMatrix>): string {
  const { rows, columns, cells } = matrix;
  const head = columns.map((name) => `<th scope="col">${markupText(name)}</th>`).join("");
  const lines = rows.map(
    (name, at) =>
      `<tr><th scope="row">${markupText(name)}</th>${(cells[at] ?? []).map(cellHtml).join("")}</tr>`,
  );
  return `<div class="scroll"><table>\n<tr><th scope="col">from \\ to</th>${head}</tr>\n${lines.join("\n")}\n</table></div>`;
}

/** What a colour says is also in the text. */
function cellHtml({ state, text, disagrees }: VerificationCell): string {
  return `<td class="${state}${disagrees ? " disagrees" : ""}">${markupText(text)}${disagrees ? "!" : ""}</td>`;
}

function disagreementHtml(one: Disagreement): string {
  const { from, to, address, protocol, port, predicted, observed, attempts, decidedBy, explanation, kernel } =
    one;
  const chains = kernel.chains.map(({ name, rules }) => [
    `chain ${name}`,
    ...rules.map((rule) => `  ${rule}`),
  ]);
  const trace = [
    `${kernel.verdict}; ${count(kernel.dropped, "dropped packet")}`,
    ...kernel.trace,
    "",
    ...chains.flat(),
  ];
  const times = attempts > 1 ? ` (${attempts} times)` : "";
  return [
    `<h2 class="deny">${markupText(`${from} → ${to} (${address}) on ${protocol} ${port}`)}</h2>`,
    `<p>Predicted: ${markupText(predicted)}. Observed: ${markupText(observed)}${times}.</p>`,
    listHtml(decidedBy.map((rule) => `decided by ${decidingText(rule)}`)),
    `<pre>${markupText(explanation)}</pre>`,
    `<p>In the kernel's table:</p><pre>${markupText(trace.join("\n"))}</pre>`,
  ].join("\n");
}

function assertionsHtml(assertions: readonly VerifiedAssertion[]): string {
  const heads = ["assertion", "result", "expected", "flows", "written in"];
  const lines = assertions.map(({ name, expect, holds, file, line, flows, details }) => {
    const result = `<td class="${holds ? "allow" : "deny"}">${holds ? "holds" : "fails"}</td>`;
    const rest = [expect, count(flows, "flow"), `${file}:${line}`].map(
      (text) => `<td>${markupText(text)}</td>`,
    );
    const row = `<tr><th scope="row">${markupText(name)}</th>${result}${rest.join("")}</tr>`;
    if (details.length === 0) return row;
    return `${row}\n<tr><td class="details" colspan="${heads.length}">${markupText(details.join("\n"))}</td></tr>`;
  });
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join("");
  return `<h2>Assertions</h2><div class="scroll"><table class="assertions">\n<tr>${head}</tr>\n${lines.join("\n")}\n</table></div>`;
}

function listHtml(items: readonly string[]): string {
  return items.length === 0 ? "" : `<ul>${items.map((item) => `<li>${markupText(item)}</li>`).join("")}</ul>`;
}
