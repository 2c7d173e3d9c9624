const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text for XML 1.0, in an element or an attribute; characters that XML cannot hold become U+FFFD. */
export function xmlText(text: string): string {
  return (
    text
      // Half of a pair of surrogates is no character.
      .replace(/\p{Cs}/gu, "\ufffd")
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0, section 2.2, forbids exactly these
      .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "\ufffd")
      .replace(/[&<>"']/g, (character) => entities[character]!)
  );
}
