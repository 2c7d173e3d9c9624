import { expect, test } from "vitest";
import { findImage } from "./catalogue.ts";

test("an image is found by its name, whatever its registry and tag", () => {
  expect(findImage("docker.io/library/busybox:1.36", false)).toMatchObject({ standIn: false });
  expect(findImage("portcullis/echo:1", false)).toMatchObject({ image: { program: "echo" }, standIn: false });
});

test("an unknown image comes with the names of those there are, or with the echo server when asked for", () => {
  expect(findImage("team/app:2", false)).toEqual({
    message: expect.stringMatching(
      /"team\/app:2".*alpine, .*portcullis\/echo.* listens on every containerPort/,
    ),
  });
  expect(findImage("team/app:2", true)).toMatchObject({ image: { program: "echo" }, standIn: true });
  // Somebody's own nginx is not nginx.
  expect(findImage("team/nginx", false)).toHaveProperty("message");
});

test.each([
  "registry.k8s.io/e2e-test-images/agnhost:2.53",
  "hashicorp/http-echo:1.0",
  "traefik/whoami",
  "registry.k8s.io/pause:3.10",
  "ghcr.io/nicolaka/netshoot:v0.13",
])("%s is one of those that tutorials use", (reference) => {
  expect(findImage(reference, false)).toMatchObject({ standIn: false });
});
