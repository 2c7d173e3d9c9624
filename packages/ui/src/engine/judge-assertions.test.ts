import { expect, test } from "vitest";
import { World } from "./world.ts";

const pod = (name: string) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop}
spec: {containers: [{name: c, image: nginx}]}
---
`;

test("promises among the files are judged as the draft is, with a counter-example", async () => {
  const made = new World();
  made.load([{ file: "pods.yaml", text: pod("web") + pod("db") }]);
  expect(await made.assertions()).toEqual({ assertions: [], diagnostics: [] });
  made.edit(
    "promises.yaml",
    `apiVersion: portcullis.dev/v1alpha1
kind: Assertions
assertions:
  - {name: in, from: shop/db, to: shop/web, port: 80, expect: allow}
  - {name: out, from: outside, to: shop/db, port: 80, expect: deny}
  - {name: nobody, from: shop/gone, to: shop/db, port: 80, expect: deny}
---
apiVersion: portcullis.dev/v1alpha1
kind: Assertions
assertions:
  - {name: typo, from: shop/db, too: shop/web, expect: deny}
`,
  );
  const { assertions, diagnostics } = await made.assertions();
  expect(assertions.map(({ name, status, line }) => `${name} ${status} ${line}`)).toEqual([
    "in pass 4",
    "out fail 5",
    "nobody error 6",
  ]);
  expect(assertions.map(({ message }) => message)).toEqual([
    "",
    expect.stringContaining(
      "expected deny, but 2 of 2 pairs are allowed (TCP 80). 0.0.0.0 may reach shop/db",
    ),
    expect.stringContaining("gone"),
  ]);
  expect(diagnostics[0]).toMatchObject({ severity: "error" });
});
