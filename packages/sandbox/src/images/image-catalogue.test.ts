import { expect, it } from "vitest";
import { findImage } from "./catalogue.ts";
import { imageCatalogue } from "./image-catalogue.ts";

it("tells of every image what it runs and, of a program that not every machine has, its package", () => {
  const images = imageCatalogue();
  const nginx = images.find(({ names }) => names.includes("nginx"));
  expect(nginx).toMatchObject({ runs: "nginx", debianPackage: expect.stringMatching(/^nginx/) });
  expect(images.every(({ installed, debianPackage }) => installed || debianPackage !== undefined)).toBe(true);
  expect(images.map(({ names }) => names.join())).toEqual(images.map(({ names }) => names.join()).sort());
});

it("says that a program is there of the images that can be run, and of no others", () => {
  for (const { names, installed } of imageCatalogue())
    for (const name of names) expect("image" in findImage(name, false), name).toBe(installed);
});
