import type { ManifestFile } from "@portcullis/engine";
import { type Benchmark, type BenchmarkOptions, progress } from "./lib/benchmark.ts";
import { type Measurement, type Report, ratioToMedian } from "./lib/report.ts";
import { percentile } from "./lib/statistics.ts";
import { WebEngine } from "./lib/web-engine.ts";

/**
 * What a keystroke in the web app's editor costs until the new matrix is there, by its worker as it is shipped: against opening
 * the same files and drawing them. One file has everything, which is the worst case, or each policy has its own.
 */
export const web: Benchmark = { run };

const keystrokes = 40;
const openings = 5;
const baseline = "open the files and draw them";

async function run({ pods = [10, 200, 2_000] }: BenchmarkOptions): Promise<Report> {
  const measurements: Measurement[] = [];
  const notes: string[] = [];
  for (const size of pods) {
    progress(`web: ${size} workloads`);
    const engine = new WebEngine();
    const workloads = workloadsOf(size);
    const policies = policiesOf(size);
    const opened = await repeated(openings, (at) => draw(engine, anew([workloads, ...policies], at)));
    const inOneFile = {
      file: "all.yaml",
      text: [workloads, ...policies].map(({ text }) => text).join("---\n"),
    };
    const subjects = [
      { subject: "keystroke, a file for each policy", files: [workloads, ...policies], edited: policies[0]! },
      { subject: "keystroke, everything in one file", files: [inOneFile], edited: inOneFile },
    ];
    for (const { subject, files, edited } of subjects) {
      await draw(engine, files);
      const spent = await repeated(keystrokes, (at) => type(engine, edited, at));
      const base = percentile(opened, 0.5);
      measurements.push({
        subject,
        pods: size,
        baseline: { name: baseline, value: base, unit: "ms" },
        ratio: ratioToMedian(spent, opened),
      });
      const [half, most] = [percentile(spent, 0.5), percentile(spent, 0.95)].map((each) => each.toFixed(0));
      notes.push(
        `${size} workloads, ${subject}: ${half} ms (95 of 100 within ${most} ms) from key to matrix`,
      );
    }
    await engine.end();
  }
  notes.push("the first keystrokes count too; painting, and what a browser does besides, do not");
  return { benchmark: "web", measurements, notes };
}

/** The same cluster in other words: nothing of it was parsed before. */
function anew(files: readonly ManifestFile[], at: number): readonly ManifestFile[] {
  return files.map(({ file, text }) => ({
    file,
    text: text.replaceAll("\nmetadata:", `\n#${at}\nmetadata:`),
  }));
}

async function draw(engine: WebEngine, files: readonly ManifestFile[]): Promise<void> {
  await engine.call("load", files);
  await engine.call("picture", "base");
}

/** Another port each time, so that the matrix is another one too; and all that follows in the file moves. */
async function type(engine: WebEngine, { file, text }: ManifestFile, at: number): Promise<void> {
  await engine.call(
    "edit",
    file,
    `#${"x".repeat(at % 7)}\n${text.replace("port: 80}", `port: ${81 + at}}`)}`,
  );
  await engine.call("picture", "draft");
}

/** Milliseconds of each. */
async function repeated(times: number, run: (at: number) => Promise<void>): Promise<readonly number[]> {
  const spent: number[] = [];
  for (let at = 0; at < times; at++) {
    const start = performance.now();
    await run(at);
    spent.push(performance.now() - start);
  }
  return spent;
}

const perNamespace = 5;

function workloadsOf(count: number): ManifestFile {
  const documents = Array.from(
    { length: count },
    (_, at) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: w${at}
  namespace: ns-${Math.floor(at / perNamespace)}
spec:
  replicas: 2
  selector: {matchLabels: {app: w${at}}}
  template:
    metadata: {labels: {app: w${at}, tier: ${["web", "api", "db"][at % 3]}}}
    spec: {containers: [{name: c, image: nginx, ports: [{name: http, containerPort: 80}]}]}
`,
  );
  return { file: "workloads.yaml", text: documents.join("---\n") };
}

/** Of two namespaces one is closed but for one rule. */
function policiesOf(count: number): readonly ManifestFile[] {
  return Array.from({ length: Math.ceil(count / perNamespace / 2) }, (_, at) => ({
    file: `policy-${at}.yaml`,
    text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: ns-${at * 2}}
spec:
  podSelector: {}
  ingress:
    - from:
        - namespaceSelector: {}
          podSelector: {matchLabels: {tier: web}}
      ports: [{port: 80}]
`,
  }));
}
