/** Longest comment of a rule that nft 1.0.6 takes, in bytes. */
const COMMENT_LIMIT = 128;

/** Longest log prefix that the kernel takes, in bytes (NF_LOG_PREFIXLEN less the terminator). */
const LOG_PREFIX_LIMIT = 127;

/**
 * A text that can stand in nft's double quotes, which know no escapes: `"` becomes `'`, white space a blank, and what
 * is not printable ASCII `?` (the interactive reader drops such bytes). Longer texts end in `...` at the limit.
 */
function quotableText(text: string, limit: number): string {
  const plain = text
    .replaceAll('"', "'")
    .replace(/\s/g, " ")
    .replace(/[^ -~]/gu, "?");
  return plain.length <= limit ? plain : `${plain.slice(0, limit - 3)}...`;
}

export function canonicalComment(text: string): string {
  return quotableText(text, COMMENT_LIMIT);
}

/** As a comment, and `$` becomes `S`: nft expands variables in a log prefix. */
export function canonicalLogPrefix(text: string): string {
  return quotableText(text.replaceAll("$", "S"), LOG_PREFIX_LIMIT);
}
