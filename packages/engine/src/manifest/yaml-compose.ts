import { Composer, type Document, Lexer, type Node, Parser, type YAMLError } from "yaml";
import { Refusal } from "./refusal.ts";

/** Every scalar stays text: go-yaml's rules, not the package's, say what it means. */
const options = {
  schema: "failsafe",
  merge: false,
  resolveKnownTags: false,
  // Checked by the reader, in linear time.
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: "silent",
} as const;

// Everything outside the printable set of YAML 1.1, section 5.1.
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
const controlCharacter = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

type ErrorSource = number | readonly [number, number, ...number[]] | { offset: number; source?: string };
type OnError = (source: ErrorSource, code: string, message: string, warning?: boolean) => void;

/**
 * The tree of a text with one YAML document, or undefined when it has none. Throws a Refusal, in offsets of the text, at
 * the first error: a text of ten megabytes may hold millions, and each would cost memory. Tokens that are kept say where
 * what is no value of a node stands: its dash, its colon.
 */
export function composeYaml(
  text: string,
  { keepSourceTokens = false }: { readonly keepSourceTokens?: boolean } = {},
): Node | undefined {
  if (text.trim() === "") return undefined;
  const control = controlCharacter.exec(text);
  if (control !== null) throw syntaxError("control characters are not allowed", control.index);

  const composer = new Composer({ ...options, keepSourceTokens });
  stopAtFirstError(composer);
  const documents: Document.Parsed[] = [];
  for (const token of tokens(text)) {
    if (token.type === "error") throw syntaxError(firstLine(token.message), token.offset);
    documents.push(...composer.next(token));
  }
  documents.push(...composer.end());
  const failure: YAMLError | undefined = documents.flatMap(({ errors }) => errors)[0];
  if (failure !== undefined) throw syntaxError(firstLine(failure.message), ...failure.pos);

  const [first, second] = documents.flatMap(({ contents }) => contents ?? []);
  // go-yaml would pass over the rest without a word.
  if (second !== undefined) throw syntaxError("text after the end of the document", second.range[0]);
  return first;
}

/** Ordinary manifests have a lexeme for every four characters; the tree takes some 400 bytes for each. */
const maxLexemes = 5_000_000;

function* tokens(text: string) {
  const parser = new Parser();
  let count = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (++count > maxLexemes) throw new Refusal("limit", "document too large", { start: 0, end: 1 });
    yield* parser.next(lexeme);
  }
  yield* parser.end();
}

/**
 * The composer hands every error to this member, which its types call private; a test holds it to that. Some callers
 * catch what it throws and hand it in again, so the first failure is kept and thrown each time. A comment right behind a
 * quote or bracket is no error for go-yaml.
 */
function stopAtFirstError(composer: Composer): void {
  let failure: Refusal | undefined;
  const onError: OnError = (source, code, message, warning) => {
    if (warning === true || message.startsWith("Comments must be separated")) return;
    const [start, end] = positionOf(source);
    failure ??=
      // The composer is recursive, and says so when the stack is too small.
      code === "RESOURCE_EXHAUSTION"
        ? new Refusal("limit", "nested too deeply", { start, end: start + 1 })
        : syntaxError(firstLine(message), start, end);
    throw failure;
  };
  (composer as unknown as { onError: OnError }).onError = onError;
}

function positionOf(source: ErrorSource): [number, number] {
  if (typeof source === "number") return [source, source + 1];
  if ("offset" in source) return [source.offset, source.offset + (source.source?.length ?? 1)];
  return [source[0], source[1]];
}

function syntaxError(message: string, start: number, end = start + 1): Refusal {
  return new Refusal("syntax", message, { start, end: Math.max(start + 1, end) });
}

function firstLine(message: string): string {
  return message.split("\n", 1)[0]!;
}
