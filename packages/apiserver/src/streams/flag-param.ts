/**
 * A flag of a pod's streaming options. Of these the API server takes anything as true but `false` and `0`
 * (apimachinery, pkg/conversion/queryparams).
 */
export function flagParam(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text !== null && text.toLowerCase() !== "false" && text !== "0";
}
