import { type Assertion, count, type Pod, readAssertions, type Service } from "@portcullis/engine";
import type { LoadedManifests } from "../input/load-manifests.ts";
import type { InputFile } from "../input/read-files.ts";
import { CliError } from "../io/cli-error.ts";
import { exitCode } from "../io/exit-code.ts";
import type { Io } from "../io/io.ts";
import { formatDiagnostics } from "../text/diagnostics.ts";
import { assertionProblem } from "./assertion-questions.ts";
import type { StandIns } from "./expand.ts";

/**
 * Reads `--assert` files and holds them against what the manifests have.
 * Fails with CliError (exit code 2), after telling each problem with its place.
 */
export function loadAssertions(
  files: readonly InputFile[],
  { objects }: LoadedManifests,
  { pods, services }: StandIns,
  io: Io,
): readonly Assertion[] {
  const { assertions, diagnostics } = readAssertions(files.map(({ path, text }) => ({ file: path, text })));
  const present = objects.filter(
    (object): object is Service =>
      object.kind === "Service" &&
      services.some(
        ({ metadata }) => metadata.name === object.name && metadata.namespace === object.namespace,
      ),
  );
  const portsOf = (pod: { readonly object: { readonly [field: string]: unknown } }): Pod["ports"] => {
    const { containers } = pod.object.spec as {
      readonly containers: readonly {
        readonly ports: readonly {
          name?: string;
          containerPort: number;
          protocol: Pod["ports"][number]["protocol"];
        }[];
      }[];
    };
    return containers.flatMap((container) =>
      container.ports.map(({ containerPort: port, ...rest }) => ({ ...rest, port })),
    );
  };
  const labels = new Map(
    objects.flatMap((object) => (object.kind === "Namespace" ? [[object.name, object.labels] as const] : [])),
  );
  const labelsOf = (namespace: string) => labels.get(namespace) ?? {};
  const unmet = assertions.flatMap((assertion) => {
    const message = assertionProblem(assertion, { pods, services: present, labelsOf, podPorts: portsOf });
    if (message === undefined) return [];
    return [
      {
        code: "invalid",
        severity: "error",
        message,
        path: "",
        object: "Assertion",
        range: assertion.range,
      } as const,
    ];
  });
  const all = [...diagnostics, ...unmet];
  if (all.length === 0) return assertions;
  io.err(formatDiagnostics(all, new Map(files.map(({ path, text }) => [path, text])), io.errColors));
  throw new CliError(exitCode.usage, `${count(all.length, "problem")} in assertions; nothing was verified`);
}
