/**
 * Text from a user's file without what would move a terminal's cursor or turn round what is read: control characters
 * become spaces, and those that override the direction of text (UAX #9, section 2) a replacement character.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, " ").replace(/[\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
