/** The items of a YAML sequence after its key, in chunks: a line each, in flow style. The last line is left open. */
export function* yamlItems(items: Iterable<object>): Iterable<string> {
  let any = false;
  for (const item of items) {
    yield `\n- ${JSON.stringify(item)}`;
    any = true;
  }
  if (!any) yield " []";
}
