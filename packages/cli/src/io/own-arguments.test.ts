import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ownArguments } from "./own-arguments.ts";

test("under each of its names the program knows what is asked", () => {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { bin } = JSON.parse(manifest) as { bin: Record<string, string> };
  const asked = Object.keys(bin).map((name) =>
    ownArguments(["node", `/usr/bin/${name}`, "can", "a"]).join(" "),
  );
  expect(Object.fromEntries(Object.keys(bin).map((name, index) => [name, asked[index]]))).toEqual({
    portcullis: "can a",
    "kubectl-portcullis": "can a",
    "kubectl_complete-portcullis": "complete -- can a",
  });
});
