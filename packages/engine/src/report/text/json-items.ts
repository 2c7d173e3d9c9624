/** The items of a JSON array between its brackets, in chunks: a line each, indented by four. */
export function* jsonItems(items: Iterable<object>): Iterable<string> {
  let any = false;
  for (const item of items) {
    yield `${any ? "," : ""}\n    ${JSON.stringify(item)}`;
    any = true;
  }
  if (any) yield "\n  ";
}
