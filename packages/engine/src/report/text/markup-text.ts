const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text for an element or a quoted attribute of HTML or XML; control characters, which mean nothing there, become U+FFFD. */
export function markupText(text: string): string {
  return text
    .replace(/[^\P{Cc}\n\t]|\p{Cs}/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => entities[character]!);
}
