/**
 * A text as a scalar of YAML that is read as this text by every reader: without quotes where it is a word, a label's key,
 * a path or an IPv4 prefix; all else in double quotes, as JSON, which no reader takes for a number, date or boolean.
 */
export function yamlText(text: string): string {
  return isPlain(text) ? text : quotedText(text);
}

/** In double quotes; what a manifest may not hold bare is escaped. */
export function quotedText(text: string): string {
  return JSON.stringify(text).replace(
    notPrintable,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const word = /^[A-Za-z_](?:[-\w./]*[\w/])?$/;
const prefix = /^\d+\.\d+\.\d+\.\d+(?:\/\d+)?$/;
/** YAML 1.1, as kubectl reads it. */
const misread = /^(?:true|false|yes|no|on|off|y|n|null)$/i;
const notPrintable = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

function isPlain(text: string): boolean {
  return (word.test(text) && !misread.test(text)) || prefix.test(text);
}
