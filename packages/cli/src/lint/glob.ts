/**
 * A pattern for paths with `/`: `*` and `?` within a name, `**` across names, and a directory for all that is in it.
 * Without a `/` it is for a name at any depth.
 */
export function globPattern(glob: string): RegExp {
  const trimmed = glob.replace(/^\.\//, "").replace(/\/$/, "");
  const anchored = trimmed.includes("/") ? trimmed.replace(/^\//, "") : `**/${trimmed}`;
  const source = anchored.replace(/\*\*\/|\*\*|\*|\?|[.+^${}()|[\]\\]/g, (found) => {
    if (found === "**/") return "(?:.*/)?";
    if (found === "**") return ".*";
    if (found === "*") return "[^/]*";
    return found === "?" ? "[^/]" : `\\${found}`;
  });
  return new RegExp(`^${source}(?:/.*)?$`);
}
