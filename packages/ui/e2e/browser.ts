import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, chromium, type Page } from "playwright-core";

/** Without these Chromium asks for hosts of its maker at every start. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Debian's, as scripts/setup.mjs installs it; another one by PORTCULLIS_CHROMIUM. */
const program = process.env.PORTCULLIS_CHROMIUM ?? "/usr/bin/chromium";

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: program, args: quiet });
}

/** For `expect.poll`: what is read of a page is read again until it is so, on a machine with much else to do, too. */
export const eventually = { timeout: 30_000 } as const;

/** A page that keeps what goes wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors of the page's scripts and of the console, and requests to anybody but `origin`. */
  readonly problems: readonly string[];
}

export async function openPage(
  browser: Browser,
  url: string,
  options: { width?: number; height?: number; colorScheme?: "light" | "dark" } = {},
): Promise<WatchedPage> {
  const { width = 1280, height = 800, colorScheme = "light" } = options;
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  const { origin } = new URL(url);
  page.on("request", (request) => {
    const asked = new URL(request.url());
    if (asked.origin !== origin && asked.protocol !== "data:" && asked.protocol !== "blob:")
      problems.push(`asks ${asked.href}`);
  });
  await page.goto(url);
  return { page, problems };
}

/** Until the page has said all that it has to say of what it was given: nothing in it is of a moment before. */
export async function atRest(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const isOpen = document.querySelector("header [role=status][aria-busy=false]") !== null;
    return isOpen && document.querySelector("[aria-busy=true]") === null;
  });
}

/** Drops files that are made up, as they are to be called. */
export function dropFiles(
  page: Page,
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<void> {
  return page.evaluate((given) => {
    const transfer = new DataTransfer();
    for (const { name, text } of given) transfer.items.add(new File([text], name));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
  }, files);
}

/** The widest of what the page may scroll sideways, in CSS pixels. */
export function scrollWidth(page: Page): Promise<number> {
  return page.evaluate(() =>
    Math.max(...[document.documentElement, document.querySelector("main")!].map((each) => each.scrollWidth)),
  );
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds wrong with the page when it is at rest, a line each. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  await atRest(page);
  // As a debugger would: the page itself lets no script in.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { readonly axe: Axe };
    const { violations } = await axe.run(document, { resultTypes: ["violations"] });
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target }) => `${id}: ${help}: ${target.join(" ")}`),
    );
  });
}

interface Axe {
  run(
    document: Document,
    options: object,
  ): Promise<{
    readonly violations: readonly {
      readonly id: string;
      readonly help: string;
      readonly nodes: readonly { readonly target: readonly string[] }[];
    }[];
  }>;
}
