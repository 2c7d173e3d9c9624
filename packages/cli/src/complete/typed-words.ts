import type { Command, Option } from "commander";

/** A command line as far as it is typed; the last word is the one that is being typed. */
export interface TypedWords {
  readonly command: Command;
  readonly current: string;
  /** The option that the current word is the value of. */
  readonly option: Option | undefined;
  /** `--option=`, where the value stands behind it. */
  readonly prefix: string;
  /** Whether `--` has ended the options. */
  readonly optionsEnded: boolean;
  /** Arguments before the current word. */
  readonly positionals: readonly string[];
  /** Values of options before the current word, by long name without dashes; "" for options without one. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

/** Reads the words after the program's name the way commander will. */
export function typedWords(program: Command, words: readonly string[]): TypedWords {
  const reading = new Reading(program);
  for (const word of words.slice(0, -1)) reading.word(word);
  return reading.last(words.at(-1) ?? "");
}

class Reading {
  #command: Command;
  #pending: Option | undefined;
  #ended = false;
  readonly #positionals: string[] = [];
  readonly #values = new Map<string, string[]>();

  constructor(program: Command) {
    this.#command = program;
  }

  word(word: string): void {
    if (this.#pending !== undefined) {
      this.#value(this.#pending, word);
      this.#pending = undefined;
    } else if (this.#ended || !word.startsWith("-") || word === "-") {
      this.#argument(word);
    } else if (word === "--") {
      this.#ended = true;
    } else {
      this.#option(word);
    }
  }

  last(current: string): TypedWords {
    const equals = current.indexOf("=");
    const named =
      !this.#ended && current.startsWith("--") && equals > 0
        ? this.#find(current.slice(0, equals))
        : undefined;
    return {
      command: this.#command,
      current: named === undefined ? current : current.slice(equals + 1),
      option: this.#pending ?? named,
      prefix: named === undefined ? "" : current.slice(0, equals + 1),
      optionsEnded: this.#ended,
      positionals: this.#positionals,
      values: this.#values,
    };
  }

  #argument(word: string): void {
    const inner = this.#command.commands.find(
      (each) => each.name() === word || each.aliases().includes(word),
    );
    if (inner === undefined || this.#positionals.length > 0) this.#positionals.push(word);
    else this.#command = inner;
  }

  #option(word: string): void {
    const equals = word.indexOf("=");
    const option = this.#find(equals > 0 && word.startsWith("--") ? word.slice(0, equals) : word);
    const short = word.startsWith("--") ? undefined : this.#find(word.slice(0, 2));
    if (option !== undefined && equals > 0) this.#value(option, word.slice(equals + 1));
    else if (option !== undefined && takesValue(option)) this.#pending = option;
    else if (option !== undefined) this.#value(option, "");
    else if (short !== undefined && takesValue(short)) this.#value(short, word.slice(2));
  }

  #find(name: string): Option | undefined {
    return this.#command.options.find(({ short, long }) => short === name || long === name);
  }

  #value(option: Option, value: string): void {
    const values = this.#values.get(option.name());
    if (values === undefined) this.#values.set(option.name(), [value]);
    else values.push(value);
  }
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}
