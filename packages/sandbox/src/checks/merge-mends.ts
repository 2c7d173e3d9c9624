const install = "sudo apt-get install ";

/** What to type for several checks, one command a line, with one installation for all packages. */
export function mergeMends(mends: readonly string[]): string {
  const packages = mends
    .filter((mend) => mend.startsWith(install))
    .flatMap((mend) => mend.slice(install.length).split(" "));
  const others = mends.filter((mend) => !mend.startsWith(install));
  const first = packages.length === 0 ? [] : [install + [...new Set(packages)].sort().join(" ")];
  return [...first, ...new Set(others)].join("\n");
}
