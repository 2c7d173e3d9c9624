import type { Page } from "playwright-core";

const policy = (name: string, spec: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const pods = (name: string) => `{podSelector: {matchLabels: {run: ${name}}}}`;
const about = (name: string) => `podSelector: {matchLabels: {run: ${name}}}`;

/** What a learner types in steps 2 to 5; not word for word the tutorial's own solutions. */
export const tutorialPolicies: readonly string[] = [
  policy("default-deny", "{podSelector: {}, policyTypes: [Ingress, Egress]}"),
  policy("frontend", `{${about("frontend")}, policyTypes: [Egress], egress: [{to: [${pods("backend")}]}]}`),
  policy("backend", `{${about("backend")}, ingress: [{from: [${pods("frontend")}]}]}`),
  [
    policy(
      "out",
      `{${about("backend")}, policyTypes: [Egress], egress: [{to: [${pods("db")}], ports: [{port: 5432}]}]}`,
    ),
    policy("in", `{${about("db")}, ingress: [{from: [${pods("backend")}], ports: [{port: 5432}]}]}`),
  ].join("---\n"),
];

/** Replaces what is in the editor. */
export async function typePolicy(page: Page, text: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  // As if pasted: the editor would close brackets that are typed.
  await page.keyboard.insertText(text);
  const last = text.trimEnd().split("\n").at(-1)!;
  await page.locator(".cm-line", { hasText: last }).waitFor();
}

/** From the step before the one that is numbered so, with an editor that is empty. */
export async function nextStep(page: Page, step: number): Promise<void> {
  await page.getByRole("button", { name: "Next step" }).click();
  await page.getByText(`Step ${step} of`).waitFor();
  await page.locator(".cm-content").waitFor();
}

/** Until all goals of the step are reached, by the policies as they are typed. */
export async function goalsReached(page: Page): Promise<void> {
  await page.locator(".goals[aria-busy=false]:not(:has(.missed)) .reached").first().waitFor();
}
