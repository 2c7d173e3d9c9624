/**
 * What a request does not write, as paths of names, so that nobody owns it by that request: the object's own endpoint does
 * not write its status, where there is an endpoint for that, and the status' endpoint nothing but the status.
 */
export function resetFields(
  subresource: string,
  { hasStatus }: { readonly hasStatus: boolean },
): readonly (readonly string[])[] {
  if (subresource === "status") return [["spec"], ["metadata"]];
  return hasStatus ? [["status"]] : [];
}
