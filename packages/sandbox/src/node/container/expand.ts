/**
 * Replaces `$(NAME)` by the variable's value, as Kubernetes does in command, args and env: `$$(NAME)` stays as
 * `$(NAME)`, and so does a reference to a variable that does not exist (API reference, Container.command).
 */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^()]+)\)/g, (whole, name: string | undefined) => {
    if (name === undefined) return "$";
    return Object.hasOwn(variables, name) ? (variables[name] ?? whole) : whole;
  });
}
