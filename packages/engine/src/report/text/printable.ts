/** Text from a user's file without what would move a terminal's cursor: control characters become spaces. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
