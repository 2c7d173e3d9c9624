import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./chart.testing.ts";

/** `RUN apt-get update`: the instruction, and the rest of it in one line. */
interface Instruction {
  readonly name: string;
  readonly text: string;
}

/** What stands between one FROM and the next, with the first of them. */
type Stage = readonly Instruction[];

export function readStages(): readonly Stage[] {
  const stages: Instruction[][] = [];
  for (const line of lines(readDeployed("Dockerfile").replaceAll("\\\n", " "))) {
    const [, name = "", text = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === "FROM") stages.push([]);
    stages.at(-1)?.push({ name, text: text.replaceAll(/\s+/g, " ") });
  }
  return stages;
}

/** What is copied, and the stage that it comes from; undefined for the repository. */
export function copies(
  stage: Stage,
): readonly { readonly sources: readonly string[]; readonly from?: string }[] {
  return textsOf(stage, "COPY").map((text) => {
    const [, from, rest = ""] = /^(?:--from=(\S+) )?(.*)$/.exec(text) ?? [];
    return { sources: rest.split(" ").slice(0, -1), ...(from === undefined ? {} : { from }) };
  });
}

export const textsOf = (stage: Stage, name: string): readonly string[] =>
  stage.filter((instruction) => instruction.name === name).map(({ text }) => text);

export const ignoreLines = (): readonly string[] => lines(readDeployed("Dockerfile.dockerignore"));

const lines = (text: string) => text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

const readDeployed = (name: string) => readFileSync(join(root, "deploy", name), "utf8");
