import type { ManifestFile } from "@portcullis/engine";

const texts = import.meta.glob<string>("../../../../examples/three-tier-shop/*.yaml", {
  query: "?raw",
  import: "default",
  eager: true,
});

/** The manifests of examples/three-tier-shop. */
export const threeTierShop: readonly ManifestFile[] = Object.entries(texts)
  .map(([path, text]) => ({ file: path.replace(/^.*\//, ""), text }))
  .filter(({ text }) => /^kind:/m.test(text));
