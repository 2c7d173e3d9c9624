/**
 * The part of an image reference that says which software it is: without registry, `library/`, tag and digest.
 * `docker.io/library/nginx:1.27@sha256:…` is `nginx`; `quay.io/team/app` is `team/app`.
 */
export function imageName(reference: string): string {
  const withoutDigest = reference.split("@")[0] ?? "";
  const withoutTag = withoutDigest.replace(/:[^/]*$/, "");
  const parts = withoutTag.split("/");
  // A first part is a registry when it looks like a host (as `docker pull` reads it).
  const first = parts[0] ?? "";
  if (parts.length > 1 && (/[.:]/.test(first) || first === "localhost")) parts.shift();
  if (parts.length > 1 && parts[0] === "library") parts.shift();
  return parts.join("/");
}
