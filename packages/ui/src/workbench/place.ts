/** Where in a YAML document an offset lies, as far as the text before it tells: it may be half written. */
export interface Place {
  /** Fields from the document's root, items of lists by their number: `["spec", "ingress", 0, "from"]`. */
  readonly path: readonly (string | number)[];
  /** `key`: a field of `path`, or an item, begins here; `value`: what stands at `path`. */
  readonly part: "key" | "value";
  /** What is written of it before the offset. */
  readonly typed: string;
}

/** One level: a map with the field that is open in it, or a list with its current item. `column` is Infinity in [] and {}. */
interface Level {
  readonly column: number;
  readonly list: boolean;
  at: string | number;
}

/** Undefined inside a comment. Anchors, tags and texts of several lines are not followed: nobody completes in them. */
export function placeAt(text: string, offset: number): Place | undefined {
  const lines = text.slice(documentStart(text, offset), offset).split("\n");
  const scanner = new Scanner();
  const last = lines.pop() ?? "";
  for (const line of lines) scanner.line(line);
  return scanner.end(last);
}

/** Behind the last separator before an offset. */
export function documentStart(text: string, offset: number): number {
  const before = text.slice(0, offset).lastIndexOf("\n---");
  if (before >= 0) {
    const next = text.indexOf("\n", before + 1);
    return next < 0 || next >= offset ? offset : next + 1;
  }
  return 0;
}

class Scanner {
  readonly #levels: Level[] = [];
  /** Lines further in than this belong to a block of text. */
  #textBelow = Number.POSITIVE_INFINITY;
  /** What is written and not yet known to be a key or a value. */
  #typed = "";
  /** A key and its colon were read: what follows is its value. */
  #isValue = false;

  line(line: string): void {
    const column = indentOf(line);
    if (column === line.length) return;
    if (!this.#isInFlow()) {
      if (column > this.#textBelow || line[column] === "#") return;
      this.#textBelow = Number.POSITIVE_INFINITY;
    }
    const rest = this.#isInFlow() ? line : this.#block(line);
    this.#flow(rest);
    if (!this.#isInFlow() && /^[|>][-+\d]*\s*$/.test(this.#typed)) this.#textBelow = column;
  }

  end(line: string): Place | undefined {
    const column = indentOf(line);
    if (!this.#isInFlow()) {
      if (column > this.#textBelow) return undefined;
      if (column === line.length) {
        this.#leave(column, false);
        return { path: this.#path(this.#levels.at(-1)?.column === column), part: "key", typed: "" };
      }
    }
    if (!this.#flow(this.#isInFlow() ? line : this.#block(line))) return undefined;
    const top = this.#levels.at(-1);
    const typed = this.#typed.replace(/^["']/, "");
    // Without a colon it may yet become a key, or is an item of a list.
    return this.#isValue
      ? { path: this.#path(false), part: "value", typed }
      : { path: this.#path(top !== undefined && !top.list && top.at === ""), part: "key", typed };
  }

  /** Dashes and the key at the front of a line; gives what follows them. */
  #block(line: string): string {
    let column = indentOf(line);
    this.#isValue = false;
    for (;;) {
      const dash = /^-(?:\s+|$)/.exec(line.slice(column));
      if (dash === null) break;
      this.#leave(column, true);
      const top = this.#levels.at(-1);
      if (top?.list === true && top.column === column) top.at = Number(top.at) + 1;
      else this.#levels.push({ column, list: true, at: 0 });
      column += dash[0].length;
    }
    const key = /^("[^"]*"|'[^']*'|[^\s:#{}[\],"'][^:#{}[\],]*?)\s*:(?=\s|$)/.exec(line.slice(column));
    if (key === null) {
      if (!/^[[{]/.test(line.slice(column)) && !this.#endsInItem(column)) this.#leave(column, false);
      this.#open(column, line.slice(column));
      return line.slice(column);
    }
    this.#leave(column, false);
    this.#setKey(column, unquoted(key[1]!));
    this.#isValue = true;
    return line.slice(column + key[0].length);
  }

  /** A line that is no key yet: a new field of the map at its column, if there is one. */
  #open(column: number, rest: string): void {
    const top = this.#levels.at(-1);
    if (top?.list === false && top.column === column && !/^[[{]/.test(rest)) top.at = "";
  }

  #endsInItem(column: number): boolean {
    const top = this.#levels.at(-1);
    return top?.list === true && top.column < column;
  }

  #setKey(column: number, key: string): void {
    const top = this.#levels.at(-1);
    if (top !== undefined && !top.list && top.column === column) top.at = key;
    else this.#levels.push({ column, list: false, at: key });
  }

  /** Ends the levels that cannot hold something at this column. */
  #leave(column: number, isItem: boolean): void {
    for (let top = this.#levels.at(-1); top !== undefined; top = this.#levels.at(-1)) {
      const keeps = top.column < column || (top.column === column && (isItem || !top.list));
      if (keeps) return;
      this.#levels.pop();
    }
  }

  /** What stands in one line, with its brackets. False when it ends in a comment. */
  #flow(rest: string): boolean {
    this.#typed = "";
    let quote = "";
    for (let at = 0; at < rest.length; at++) {
      const letter = rest[at]!;
      if (quote !== "") {
        this.#typed += letter;
        if (letter === quote) quote = "";
      } else if ((letter === '"' || letter === "'") && this.#typed === "") {
        this.#typed = quote = letter;
      } else if (letter === "#" && (at === 0 || /\s/.test(rest[at - 1]!))) {
        return false;
      } else if (!this.#bracket(letter, rest[at + 1])) {
        if (this.#typed !== "" || !/\s/.test(letter)) this.#typed += letter;
      }
    }
    return true;
  }

  #bracket(letter: string, next: string | undefined): boolean {
    const top = this.#levels.at(-1);
    if ((letter === "{" || letter === "[") && this.#typed === "") {
      this.#levels.push({
        column: Number.POSITIVE_INFINITY,
        list: letter === "[",
        at: letter === "[" ? 0 : "",
      });
      this.#isValue = false;
    } else if (top === undefined || !this.#isInFlow()) {
      return false;
    } else if (letter === "}" || letter === "]") {
      this.#levels.pop();
      this.#isValue = true;
    } else if (letter === ",") {
      top.at = top.list ? Number(top.at) + 1 : "";
      this.#isValue = false;
    } else if (letter === ":" && !top.list && (next === undefined || /\s/.test(next))) {
      top.at = unquoted(this.#typed.trim());
      this.#isValue = true;
    } else {
      return false;
    }
    this.#typed = "";
    return true;
  }

  #isInFlow(): boolean {
    return this.#levels.at(-1)?.column === Number.POSITIVE_INFINITY;
  }

  #path(withoutLast: boolean): (string | number)[] {
    const path = this.#levels.map(({ at }) => at);
    return withoutLast ? path.slice(0, -1) : path;
  }
}

function indentOf(line: string): number {
  return /^ */.exec(line)![0].length;
}

function unquoted(key: string): string {
  return key.replace(/^(["'])(.*)\1$/, "$2");
}
