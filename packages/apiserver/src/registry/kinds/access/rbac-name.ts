/** Roles and bindings are named by anything that can be one segment of a path (`system:node`). */
export function rbacName(name: string): string[] {
  if (name === "." || name === "..") return [`may not be '${name}'`];
  return ["/", "%"].filter((each) => name.includes(each)).map((each) => `may not contain '${each}'`);
}
