import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readImagesFile } from "./images-file.ts";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "images-"));
  vi.stubEnv("XDG_CONFIG_HOME", directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

const text = "images:\n- names: [team/app]\n  program: [node, /srv/app.js]\n";
const images = [{ names: ["team/app"], program: ["node", "/srv/app.js"] }];

test("the file of the configuration directory is read, if it is there, and a named one in its place", () => {
  expect(readImagesFile(undefined)).toEqual([]);
  mkdirSync(join(directory, "portcullis"));
  writeFileSync(join(directory, "portcullis/images.yaml"), text);
  expect(readImagesFile(undefined)).toEqual(images);
  writeFileSync(join(directory, "other.yaml"), "images: []\n");
  expect(readImagesFile(join(directory, "other.yaml"))).toEqual([]);
});

test("a file that is wrong or missing is told by its name", () => {
  const file = join(directory, "wrong.yaml");
  writeFileSync(file, "images:\n- names: [x]\n");
  expect(() => readImagesFile(file)).toThrow(`${file}: images[0].program must be a list`);
  expect(() => readImagesFile(join(directory, "none.yaml"))).toThrow("none.yaml: ENOENT");
});
