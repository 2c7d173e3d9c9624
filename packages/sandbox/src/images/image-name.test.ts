import { expect, test } from "vitest";
import { imageName } from "./image-name.ts";

test.each([
  ["nginx", "nginx"],
  ["nginx:1.27", "nginx"],
  ["docker.io/library/nginx:1.27-alpine", "nginx"],
  ["library/busybox", "busybox"],
  ["index.docker.io/library/debian@sha256:0123", "debian"],
  ["nginx:1@sha256:0123", "nginx"],
  ["curlimages/curl:8.1", "curlimages/curl"],
  ["localhost/portcullis/echo", "portcullis/echo"],
  ["localhost:5000/nginx:2", "nginx"],
  ["registry.example.com:5000/team/app:2", "team/app"],
  ["registry.example.com/nginx", "nginx"],
  ["team/nginx", "team/nginx"],
  ["", ""],
])("%s is %s", (reference, name) => {
  expect(imageName(reference)).toBe(name);
});
