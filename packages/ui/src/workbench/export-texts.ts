import { type ManifestFile, unifiedDiff } from "@portcullis/engine";

/** All files as one, each under its name; their texts are as they are. */
export function asOneFile(files: readonly ManifestFile[]): string {
  return files.map(({ file, text }) => `---\n# ${oneLine(file)}\n${withNewline(text)}`).join("");
}

/** A command for a shell that applies the files; its end word occurs in none of them. */
export function asCommand(files: readonly ManifestFile[]): string {
  const text = asOneFile(files);
  const lines = new Set(text.split("\n"));
  let word = "EOF";
  while (lines.has(word)) word += "_";
  return `kubectl apply -f - <<'${word}'\n${text}${word}\n`;
}

/** The files that the draft changed or added, without those that hold assertions alone: kubectl knows no such kind. */
export function changedFiles(
  base: readonly ManifestFile[],
  draft: readonly ManifestFile[],
): readonly ManifestFile[] {
  const was = new Map(base.map(({ file, text }) => [file, text]));
  return draft.filter(
    ({ file, text }) => was.get(file) !== text && text.trim() !== "" && !/^kind:\s*Assertions\b/m.test(text),
  );
}

/** What the draft does to the files, as a patch that `git apply` takes. */
export function asPatch(base: readonly ManifestFile[], draft: readonly ManifestFile[]): string {
  const was = new Map(base.map(({ file, text }) => [file, text]));
  const is = new Map(draft.map(({ file, text }) => [file, text]));
  return [...new Set([...was.keys(), ...is.keys()])]
    .sort()
    .map((file) => unifiedDiff(file, was.get(file), is.get(file)))
    .join("");
}

function withNewline(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

/** A file's name may be anything; in a comment it must not begin a line of its own. */
function oneLine(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return name.replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029]+/g, " ");
}
