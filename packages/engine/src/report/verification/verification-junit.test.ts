import fc from "fast-check";
import { expect, test } from "vitest";
import { sampleVerification } from "./verification.testing.ts";
import { verificationJunit } from "./verification-junit.ts";

test("the whole report", () => {
  const junit = verificationJunit({ ...sampleVerification(), disagreements: [] });
  expect(junit).toBe(`\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="portcullis verify">
  <testsuite name="connections" tests="4" failures="1" errors="0" skipped="0">
    <testcase classname="shop/web-1" name="to shop/api-1: 80 allow, 53/udp deny"/>
    <testcase classname="shop/web-1" name="to shop/api-2: 80 deny, 53/udp deny"><failure message="not as predicted on 80"></failure></testcase>
    <testcase classname="shop/api-1" name="to shop/web-1: 80 deny, 53/udp deny"/>
    <testcase classname="shop/api-1" name="to Service shop/api: 80 some, 53/udp deny"/>
  </testsuite>
  <testsuite name="assertions" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="a.yaml:4" name="holds shop/web-1"/>
    <testcase classname="a.yaml:9" name="fails shop/web-1"><failure message="expected: deny">because shop/web-1</failure></testcase>
  </testsuite>
  <testsuite name="not probed" tests="1" failures="0" errors="0" skipped="1">
    <testcase classname="not probed" name="Pod shop/web-1"><skipped message="it is on the node&apos;s network"/></testcase>
  </testsuite>
</testsuites>
`);
});

test("a disagreement's failure has the rule, the reasoning and the trace", () => {
  const junit = verificationJunit(sampleVerification());
  for (const part of ["ingress[0] of shop/api (shop/web-1.yaml:7)", "Ingress: denied", "c_ingress rule 0"])
    expect(junit).toContain(part);
});

test("whatever a name is, the tags are the same and every character is one that XML allows", () => {
  const tags = (xml: string) => xml.match(/<\/?[a-z]+/g);
  const expected = tags(verificationJunit(sampleVerification("name")));
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string(), (wild, plain) => {
      const xml = verificationJunit(sampleVerification(`${wild}${plain}"'><x/>&amp;\u0000\ud800]]>`));
      expect(tags(xml)).toEqual(expected);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0, section 2.2
      expect(xml).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/u);
      expect(xml).not.toMatch(/&(?!(?:amp|lt|gt|quot|apos);)/);
    }),
    { seed: 5 },
  );
});
