// The formats of names, keys and ports, in the API server's words (k8s.io/apimachinery/pkg/util/validation and
// pkg/api/validate/content, Kubernetes 1.36). Each function gives the complaints about a text; none when it is fine.
// Lengths are bytes of UTF-8, but a text with other characters than ASCII fails its pattern anyway.

const dnsLabel = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const dnsSubdomain = `${dnsLabel}(\\.${dnsLabel})*`;
const qualifiedName = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const labelValue = `(${qualifiedName})?`;

const patterns = {
  dnsLabel: new RegExp(`^${dnsLabel}$`),
  dnsSubdomain: new RegExp(`^${dnsSubdomain}$`),
  qualifiedName: new RegExp(`^${qualifiedName}$`),
  labelValue: new RegExp(`^${labelValue}$`),
};

const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const nameRule =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** Names of most kinds: at most 253 bytes. */
export function checkDnsSubdomain(name: string): string[] {
  const problems = tooManyBytes(name, 253);
  if (!patterns.dnsSubdomain.test(name)) problems.push(mismatch(subdomainRule, dnsSubdomain, "example.com"));
  return problems;
}

/** Names of namespaces, containers and (since 1.36) Services: at most 63 bytes. */
export function checkDnsLabel(name: string): string[] {
  const problems = tooManyBytes(name, 63);
  if (patterns.dnsLabel.test(name)) return problems;
  if (patterns.dnsSubdomain.test(name)) problems.push("must not contain dots");
  else problems.push(mismatch(labelRule, dnsLabel, "my-name", "123-abc"));
  return problems;
}

/** Keys of labels and annotations: a name of at most 63 bytes, with an optional DNS prefix and a slash. */
export function checkLabelKey(key: string): string[] {
  const parts = key.split("/");
  const name = parts.at(-1)!;
  const examples = ["MyName", "my.name", "123-abc"];
  if (parts.length > 2) {
    const rule = mismatch(nameRule, qualifiedName, ...examples);
    return [
      `a valid label key ${rule} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const problems: string[] = [];
  if (parts.length === 2) {
    if (parts[0] === "") problems.push("prefix part must be non-empty");
    else problems.push(...checkDnsSubdomain(parts[0]!).map((problem) => `prefix part ${problem}`));
  }
  if (name === "") problems.push("name part must be non-empty");
  else problems.push(...tooManyBytes(name, 63).map((problem) => `name part ${problem}`));
  if (!patterns.qualifiedName.test(name))
    problems.push(`name part ${mismatch(nameRule, qualifiedName, ...examples)}`);
  return problems;
}

export function checkLabelValue(value: string): string[] {
  const problems = tooManyBytes(value, 63);
  if (!patterns.labelValue.test(value)) {
    problems.push(mismatch(valueRule, labelValue, "MyValue", "my_value", "12345"));
  }
  return problems;
}

/** RFC 6335 service names, lower case only. */
export function checkPortName(name: string): string[] {
  const problems = tooManyBytes(name, 15);
  if (!/^[-a-z0-9]+$/.test(name)) {
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  }
  if (!/[a-z]/.test(name)) problems.push("must contain at least one letter (a-z)");
  if (name.includes("--")) problems.push("must not contain consecutive hyphens");
  if (name.startsWith("-") || name.endsWith("-")) problems.push("must not begin or end with a hyphen");
  return problems;
}

export function checkPortNumber(port: number): string[] {
  return port >= 1 && port <= 65535 ? [] : ["must be between 1 and 65535, inclusive"];
}

function tooManyBytes(text: string, most: number): string[] {
  return byteLength(text) > most ? [`must be no more than ${most} bytes`] : [];
}

function mismatch(rule: string, pattern: string, ...examples: string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(" or ");
  return `${rule} (e.g. ${shown}regex used for validation is '${pattern}')`;
}

/** Bytes of UTF-8. */
export function byteLength(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
