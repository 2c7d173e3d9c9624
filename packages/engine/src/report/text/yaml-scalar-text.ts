/** Texts that no YAML reads as anything else: words and what names are made of, and no number, boolean or null. */
const plain = /^(?!(?:y|yes|n|no|on|off|true|false|null)$)[a-z][\w./+-]*(?: [\w./+-]+(?:,[\w./+-]+)*)*$/i;

/** A text as a YAML scalar on one line: as it is where that is safe, else in double quotes (JSON's, which YAML shares). */
export function yamlScalarText(text: string): string {
  return plain.test(text) ? text : JSON.stringify(text);
}
