import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleVerification } from "./verification.testing.ts";
import { verificationHtml } from "./verification-html.ts";

test("has everything, in one file that needs no other and runs nothing", () => {
  const html = verificationHtml(sampleVerification());
  for (const part of [
    "portcullis verify: not confirmed",
    "3 pods · 1 Service · 1 policy · 4 pairs · 1,234 probes · 1 disagreement",
    "decided by ingress[0] of shop/api (shop/web-1.yaml:7)",
    "c_ingress rule 0",
    "tcp dport 80 counter packets 1 bytes 60 accept",
    "because shop/web-1",
    "Pod shop/web-1: it is on the node&#39;s network",
    '<td class="some disagrees">1/4!</td>',
  ])
    expect(html).toContain(part);
  expect(html).not.toMatch(/<script|<link|<img|<iframe|\s(?:src|href|on\w+)=|@import|url\(/i);
});

test("what an assertion has to tell stands below it", () => {
  const sample = sampleVerification();
  const [failing] = sample.assertions.filter(({ details }) => details.length > 0);
  const rows = verificationHtml(sample).split("\n");
  const row = rows.findIndex((line) => line.includes(failing!.name));
  expect(rows[row + 1]).toContain(`<td class="details" colspan="5">${failing!.details[0]}`);
  const held = { ...sample, assertions: sample.assertions.filter(({ details }) => details.length === 0) };
  expect(verificationHtml(held)).not.toContain('class="details"');
});

// The name sorts behind the others, so that rows keep their places.
test("whatever a name is, the tags and their attributes are the same", () => {
  const tags = (html: string) => html.match(/<[^>]*>/g);
  const expected = tags(verificationHtml(sampleVerification("zz")));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (wild, plain) => {
      const html = verificationHtml(
        sampleVerification(`zz${wild}${plain}"><script>alert('x')</script>&lt;\u001b\ud800`),
      );
      expect(tags(html)).toEqual(expected);
      expect(html).not.toMatch(/[^\P{Cc}\n\t]|\p{Cs}/u);
    }),
    { seed: 5 },
  );
});
