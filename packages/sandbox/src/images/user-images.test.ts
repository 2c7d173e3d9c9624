import { expect, test } from "vitest";
import { findImage, useImages } from "./catalogue.ts";
import { imageCatalogue } from "./image-catalogue.ts";
import { userImages } from "./user-images.ts";

const app = { names: ["team/app"], program: ["node", "/srv/app.js"], listens: 3000 };

test("an image of one's own is found before those of the catalogue, and listed with them", () => {
  useImages(userImages({ images: [app, { names: ["redis"], program: ["my-redis"] }] }));
  expect(findImage("registry.example.com/team/app:2", false)).toMatchObject({ image: app, standIn: false });
  expect(findImage("redis", false)).toMatchObject({ image: { program: ["my-redis"] } });
  useImages([]);
  expect(findImage("team/app", false)).toHaveProperty("message");
  const listed = imageCatalogue(userImages({ images: [app] }));
  expect(listed).toContainEqual({ names: ["team/app"], runs: "node", installed: true });
});

test.each([
  [{}, "images must be a list"],
  [{ images: ["app"] }, "images[0] must be an object"],
  [{ images: [{ ...app, port: 1 }] }, "images[0].port is unknown; there are names, program"],
  [{ images: [{ ...app, names: [] }] }, "images[0].names must be a list of names"],
  [{ images: [app, { ...app, program: "node" }] }, "images[1].program must be a list"],
  [{ images: [{ ...app, listens: 0 }] }, "images[0].listens must be a port"],
  [{ images: [{ ...app, writable: ["var"] }] }, "images[0].writable must be a list of absolute directories"],
])("%j: %s", (content, message) => {
  expect(() => userImages(content)).toThrow(message);
});
