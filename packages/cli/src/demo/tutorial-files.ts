import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { ClusterObject, NetworkPolicy } from "@portcullis/engine";
import type { KubeObject } from "@portcullis/kube";
import { loadManifests } from "../input/load-manifests.ts";
import { type InputFile, readFiles } from "../input/read-files.ts";
import type { Io } from "../io/io.ts";
import { fromHere } from "./page.ts";

/** The manifests of examples/tutorial. */
export interface TutorialFiles {
  readonly directory: string;
  /** Of the files, sorted. */
  readonly names: readonly string[];
  /** Every policy of the tutorial, with its place in the files. */
  readonly policies: readonly NetworkPolicy[];
  text(name: string): string;
  /** The objects of one file as the engine reads them, in its order. */
  manifest(name: string): readonly ClusterObject[];
  /** The same objects as plain data. */
  objects(name: string): readonly KubeObject[];
}

/** Two levels up from the package, in a checkout. */
const tutorialDirectory = fileURLToPath(new URL("../../../../examples/tutorial", import.meta.url));

/** Reads the tutorial. Its manifests are ours: a problem in one of them is a bug, and throws. */
export async function readTutorial(io: Io, directory = tutorialDirectory): Promise<TutorialFiles> {
  const names = (await readdir(directory)).filter((name) => /^(?!expected|assertions).*\.yaml$/.test(name));
  const files = new Map<string, InputFile>();
  for (const name of names.sort()) {
    const [file] = await readFiles([`${directory}/${name}`], false, io);
    files.set(name, { path: fromHere(file!.path), text: file!.text });
  }
  const loaded = new Map([...files].map(([name, file]) => [name, loadManifests([file])]));
  const problem = [...loaded.values()].flatMap(({ diagnostics }) => diagnostics)[0];
  if (problem !== undefined) throw new Error(`${problem.range?.file}: ${problem.path}: ${problem.message}`);
  return {
    directory,
    names: [...files.keys()],
    policies: [...loaded.values()]
      .flatMap(({ objects }) => objects)
      .filter((object) => object.kind === "NetworkPolicy"),
    text: (name) => known(files, name).text,
    manifest: (name) => known(loaded, name).objects,
    objects: (name) => known(loaded, name).raw,
  };
}

function known<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name);
  if (value === undefined) throw new Error(`examples/tutorial has no ${name}`);
  return value;
}
