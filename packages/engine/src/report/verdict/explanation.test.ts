import { expect, test } from "vitest";
import { flow } from "../../cluster/objects.testing.ts";
import { explanation } from "./explanation.ts";
import { files, tutorial } from "./tutorial.testing.ts";

function explain(from: string, to: string, port: number, ...names: (keyof typeof files)[]): string {
  const cluster = tutorial(...names);
  return `\n${explanation(cluster.evaluate(flow(cluster, from, to, port)))}\n`;
}
const everything = Object.keys(files);

test("without policies", () => {
  expect(explain("default/frontend", "default/backend", 80)).toMatchInlineSnapshot(`
    "
    default/frontend (10.1.0.1) → default/backend (10.1.0.2) on TCP 80: allowed

    Egress, out of default/frontend: allowed
      No policy selects it for egress, so everything may pass.

    Ingress, into default/backend: allowed
      No policy selects it for ingress, so everything may pass.
    "
  `);
});

test("default deny", () => {
  expect(explain("default/frontend", "default/backend", 80, "default-deny.yaml")).toMatchInlineSnapshot(`
    "
    default/frontend (10.1.0.1) → default/backend (10.1.0.2) on TCP 80: denied

    Egress, out of default/frontend: denied
      Isolated: this policy selects it, so only what its egress rules list may leave:
        default/default-deny (default-deny.yaml:1)
      It has no egress rule, so nothing may pass.

    Ingress, into default/backend: denied
      Isolated: this policy selects it, so only what its ingress rules list may enter:
        default/default-deny (default-deny.yaml:1)
      It has no ingress rule, so nothing may pass.
    "
  `);
});

test("one half allowed", () => {
  const names = ["default-deny.yaml", "frontend-policy.yaml"];
  expect(explain("default/frontend", "default/backend", 80, ...names)).toMatchInlineSnapshot(`
    "
    default/frontend (10.1.0.1) → default/backend (10.1.0.2) on TCP 80: denied

    Egress, out of default/frontend: allowed
      Isolated: these policies select it, so only what their egress rules list may leave:
        default/default-deny (default-deny.yaml:1)
        default/frontend-policy (frontend-policy.yaml:1)
      Allowed by egress[0] of default/frontend-policy (frontend-policy.yaml:10): to pods with run=backend in namespace default, any port.

    Ingress, into default/backend: denied
      Isolated: this policy selects it, so only what its ingress rules list may enter:
        default/default-deny (default-deny.yaml:1)
      It has no ingress rule, so nothing may pass.
    "
  `);
});

test("both halves allowed", () => {
  expect(explain("default/frontend", "default/backend", 8005, ...everything)).toMatchInlineSnapshot(`
    "
    default/frontend (10.1.0.1) → default/backend (10.1.0.2) on TCP 8005: allowed

    Egress, out of default/frontend: allowed
      Isolated: these policies select it, so only what their egress rules list may leave:
        default/default-deny (default-deny.yaml:1)
        default/frontend-policy (frontend-policy.yaml:1)
      Allowed by egress[0] of default/frontend-policy (frontend-policy.yaml:10): to pods with run=backend in namespace default, any port.

    Ingress, into default/backend: allowed
      Isolated: these policies select it, so only what their ingress rules list may enter:
        default/backend-policy (backend-policy.yaml:1)
        default/default-deny (default-deny.yaml:1)
      Allowed by ingress[0] of default/backend-policy (backend-policy.yaml:9): from pods with run=frontend in namespace default, ports TCP 8000-8010.
    "
  `);
});

test("the wrong port", () => {
  expect(explain("default/frontend", "default/backend", 443, ...everything)).toMatchInlineSnapshot(`
    "
    default/frontend (10.1.0.1) → default/backend (10.1.0.2) on TCP 443: denied

    Egress, out of default/frontend: allowed
      Isolated: these policies select it, so only what their egress rules list may leave:
        default/default-deny (default-deny.yaml:1)
        default/frontend-policy (frontend-policy.yaml:1)
      Allowed by egress[0] of default/frontend-policy (frontend-policy.yaml:10): to pods with run=backend in namespace default, any port.

    Ingress, into default/backend: denied
      Isolated: these policies select it, so only what their ingress rules list may enter:
        default/backend-policy (backend-policy.yaml:1)
        default/default-deny (default-deny.yaml:1)
      No rule matches. The nearest:
        ingress[0] of default/backend-policy (backend-policy.yaml:9): matches the peer but only ports TCP 80, TCP 8000-8010.
        ingress[1] of default/backend-policy (backend-policy.yaml:16): namespace default lacks label project=x; and only port TCP "http" (which default/backend does not have).
    "
  `);
});

test("a pod of another namespace", () => {
  expect(explain("shop/client", "default/backend", 80, ...everything)).toMatchInlineSnapshot(`
    "
    shop/client → default/backend (10.1.0.2) on TCP 80: denied

    Egress, out of shop/client: allowed
      No policy selects it for egress, so everything may pass.

    Ingress, into default/backend: denied
      Isolated: these policies select it, so only what their ingress rules list may enter:
        default/backend-policy (backend-policy.yaml:1)
        default/default-deny (default-deny.yaml:1)
      No rule matches. The nearest:
        ingress[0] of default/backend-policy (backend-policy.yaml:9): peer must be in namespace default, pod is in shop; peer needs run=frontend, pod has no label run.
        ingress[1] of default/backend-policy (backend-policy.yaml:16): namespace shop lacks label project=x; and only port TCP "http" (which default/backend does not have).
    "
  `);
});

test("an outside address", () => {
  expect(explain("172.17.1.9", "default/backend", 80, ...everything)).toMatchInlineSnapshot(`
    "
    172.17.1.9 → default/backend (10.1.0.2) on TCP 80: denied

    Egress, out of 172.17.1.9: allowed
      172.17.1.9 belongs to no pod; policies isolate pods only.

    Ingress, into default/backend: denied
      Isolated: these policies select it, so only what their ingress rules list may enter:
        default/backend-policy (backend-policy.yaml:1)
        default/default-deny (default-deny.yaml:1)
      No rule matches. The nearest:
        ingress[0] of default/backend-policy (backend-policy.yaml:9): peer must be a pod, and 172.17.1.9 is not one.
        ingress[1] of default/backend-policy (backend-policy.yaml:16): 172.17.1.9 is in 172.17.1.0/24, which the rule excepts from 172.17.0.0/16; and only port TCP "http" (which default/backend does not have).
    "
  `);
});

test("sides that policies do not apply to", () => {
  expect(explain("default/admin", "default/done", 80, ...everything)).toMatchInlineSnapshot(`
    "
    default/admin (10.9.0.1) → default/done on TCP 80: allowed

    Egress, out of default/admin: allowed
      The pod uses its node's network; policies do not apply to such pods.

    Ingress, into default/done: allowed
      The pod is finished (Succeeded); policies do not apply to it any more.
    "
  `);
});

test("itself", () => {
  expect(explain("default/backend", "default/backend", 80, ...everything)).toMatchInlineSnapshot(`
    "
    default/backend (10.1.0.2) → default/backend (10.1.0.2) on TCP 80: allowed

    Egress, out of default/backend: allowed
      A pod may always reach itself; policies are not asked.

    Ingress, into default/backend: allowed
      A pod may always reach itself; policies are not asked.
    "
  `);
});

test("the style marks outcomes, names and places, and nothing else changes", () => {
  const cluster = tutorial(...everything);
  const verdict = cluster.evaluate(flow(cluster, "default/frontend", "default/backend", 443));
  const mark = (sign: string) => (text: string) => `<${sign}>${text}</${sign}>`;
  const style = { bold: mark("b"), dim: mark("d"), allow: mark("a"), deny: mark("x") };
  const styled = explanation(verdict, style);
  expect(styled.replaceAll(/<\/?[bdax]>/g, "")).toBe(explanation(verdict));
  expect(styled).toContain("<x>denied</x>");
  expect(styled).toContain("<a>allowed</a>");
  expect(styled).toContain("<d> (backend-policy.yaml:1)</d>");
});

test("a long list of policies is cut and counted", () => {
  const cluster = tutorial("default-deny.yaml");
  const [deny] = cluster.policies();
  for (let i = 0; i < 20; i++) cluster.upsert({ ...deny!, name: `deny-${i}` });
  const text = explanation(cluster.evaluate(flow(cluster, "8.8.8.8", "default/backend", 80)));
  expect(text).toContain("    and 13 more\n");
  expect(text).toContain("  None of them has an ingress rule, so nothing may pass.");
});
