import { expect, test } from "vitest";
import { globPattern } from "./glob.ts";

test.each([
  ["*.yaml", ["a.yaml", "x/a.yaml"], ["a.yml", "a.yaml.bak"]],
  ["vendor/", ["vendor/a.yaml", "x/vendor/y/a.yaml"], ["vendored/a.yaml"]],
  ["a/*.yaml", ["a/b.yaml"], ["a/b/c.yaml", "x/a/b.yaml"]],
  ["a/**/c.yaml", ["a/c.yaml", "a/b/c.yaml", "a/b/b/c.yaml"], ["b/c.yaml", "a/xc.yaml"]],
  ["./a?.yaml", ["ab.yaml"], ["a.yaml", "abc.yaml"]],
  ["a+(b).yaml", ["a+(b).yaml"], ["aab.yaml"]],
])("%s", (glob, inside, outside) => {
  for (const name of inside) expect(globPattern(glob).test(name), name).toBe(true);
  for (const name of outside) expect(globPattern(glob).test(name), name).toBe(false);
});
