import type { Command, Option } from "commander";
import { directive } from "./directive.ts";
import type { NamedObject } from "./object-names.ts";
import { type TypedWords, typedWords } from "./typed-words.ts";

interface Candidate {
  readonly word: string;
  readonly description: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  readonly directive: number;
}

/** Where names come from; asked only when they are needed. */
export interface NameSource {
  objects(files: readonly string[], recursive: boolean): Promise<readonly NamedObject[]>;
  peers(objects: readonly NamedObject[], namespace: string): Promise<readonly string[]>;
  lintRules(): Promise<readonly string[]>;
  contexts(kubeconfig: string | undefined): Promise<readonly string[]>;
}

/** Flags of options whose value is a file or a directory. */
const fileValue = /[<[](?:file|dir)[>\]]/;
/** Options whose value names a peer. */
const peerOptions = new Set(["focus", "peer", "ingress-controller"]);
/** Commands whose arguments name peers. */
const peerCommands = new Set(["can", "who-can", "explain", "exposure"]);

/** What can stand where the last of the words is being typed. */
export async function complete(
  program: Command,
  words: readonly string[],
  source: NameSource,
): Promise<Completion> {
  const typed = typedWords(program, words);
  const { current, prefix } = typed;
  const found = await possible(typed, source);
  return {
    candidates: found.candidates
      .filter(({ word }) => word.startsWith(current))
      .map(({ word, description }) => ({ word: prefix + word, description })),
    directive: found.directive,
  };
}

async function possible(typed: TypedWords, source: NameSource): Promise<Completion> {
  if (typed.option !== undefined) return valuesOf(typed.option, typed, source);
  if (typed.current.startsWith("-") && !typed.optionsEnded)
    return { candidates: options(typed.command), directive: directive.noFiles };
  return argumentsOf(typed, source);
}

async function valuesOf(option: Option, typed: TypedWords, source: NameSource): Promise<Completion> {
  const name = option.name();
  if (option.argChoices !== undefined) return plain(option.argChoices);
  if (name === "context") return plain(await source.contexts(typed.values.get("kubeconfig")?.at(-1)));
  if (name === "rule") return plain(await source.lintRules());
  if (name === "namespace" || name === "within") return plain(await namespaces(typed, source));
  if (peerOptions.has(name)) return plain(await peers(typed, source));
  if (name === "to") return withPort(await peers(typed, source));
  return { candidates: [], directive: fileValue.test(option.flags) ? directive.files : directive.noFiles };
}

async function argumentsOf(typed: TypedWords, source: NameSource): Promise<Completion> {
  const { command, positionals } = typed;
  if (command.commands.length > 0) return { candidates: subcommands(command), directive: directive.noFiles };
  const declared = command.registeredArguments;
  const argument = declared[positionals.length] ?? declared.find(({ variadic }) => variadic);
  if (argument?.argChoices !== undefined) return plain(argument.argChoices);
  if (peerCommands.has(command.name()) || peerCommands.has(command.parent?.name() ?? "")) {
    const words = argument === undefined ? [] : await peers(typed, source);
    return argument?.name().includes(":port") ? withPort(words) : plain(words);
  }
  // Policies that run in a cluster, which is not asked.
  const isFile = argument !== undefined && argument.name() !== "policy";
  return { candidates: [], directive: isFile ? directive.files : directive.noFiles };
}

function plain(words: readonly string[]): Completion {
  return {
    candidates: words.map((word) => ({ word, description: "" })),
    directive: directive.noFiles,
  };
}

/** A port has to follow. */
function withPort(words: readonly string[]): Completion {
  return {
    ...plain(words.map((word) => `${word}:`)),
    directive: directive.noFiles + directive.noSpace,
  };
}

function subcommands(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ word: each.name(), description: each.summary() || each.description() }));
}

function options(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, short, description }) => {
      const word = long ?? short;
      return word === undefined ? [] : [{ word, description }];
    });
}

async function peers(typed: TypedWords, source: NameSource): Promise<readonly string[]> {
  const namespace = typed.values.get("namespace")?.at(-1) ?? "default";
  return source.peers(await objects(typed, source), namespace);
}

async function namespaces(typed: TypedWords, source: NameSource): Promise<readonly string[]> {
  const found = (await objects(typed, source)).map(({ kind, namespace, name }) =>
    kind === "Namespace" ? name : namespace,
  );
  return [...new Set(found)].sort();
}

function objects({ values }: TypedWords, source: NameSource): Promise<readonly NamedObject[]> {
  const files = (values.get("filename") ?? []).filter((file) => file !== "-");
  return source.objects(files, values.has("recursive"));
}
