import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { Changes } from "./changes.ts";
import { ChangesPanel } from "./changes-panel.tsx";

const none: Changes = { list: [], opened: 0, closed: 0, changed: 0, added: [], removed: [] };

test("that a draft allows what was allowed is said only when it has been compared", () => {
  expect(status(none, false)).toBe("The draft allows what was allowed before.");
  expect(status(none, true)).toBe(
    "The draft allowed what was allowed before. Comparing what was typed since …",
  );
  expect(status({ ...none, closed: 2 }, true)).toBe(
    "0 newly allowed, 2 newly denied, 0 with other ports. Comparing what was typed since …",
  );
});

function status(changes: Changes, behind: boolean): string {
  const html = renderToStaticMarkup(createElement(ChangesPanel, { changes, behind }));
  const [, busy, text] = /<p role="status" aria-busy="(\w+)">(.*?)<\/p>/.exec(html) ?? [];
  expect(busy).toBe(String(behind));
  return text!.replaceAll(/<[^>]*>/g, "");
}
