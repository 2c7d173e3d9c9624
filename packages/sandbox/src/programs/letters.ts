/** One-letter options as getopt(3) reads them: joined (`-zv`), the value of one behind it or as the next word. */
export function readLetters(
  argv: readonly string[],
  withValue: readonly string[],
): { readonly letters: ReadonlyMap<string, string>; readonly args: readonly string[] } {
  const letters = new Map<string, string>();
  const args: string[] = [];
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!/^-[A-Za-z]/.test(word)) {
      args.push(word);
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!;
      if (!withValue.includes(letter)) {
        letters.set(letter, "");
        continue;
      }
      letters.set(letter, word.slice(at + 1) || (words.shift() ?? ""));
      break;
    }
  }
  return { letters, args };
}
