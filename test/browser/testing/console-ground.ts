import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type CliGround, startCliGround } from '../../integration/cli/testing/cli-ground.ts';
import { openBrowser } from './open-browser.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export interface ConsoleGround {
  readonly url: string;
  /** A page of its own, as a person would open it; what goes wrong in it is kept in `troubles`. */
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
  readonly troubles: readonly string[];
  readonly close: () => Promise<void>;
}

/** `logferry demo` as a process, with its history in the store, and a browser. */
export async function startDemoConsole(): Promise<ConsoleGround | { readonly missing: string }> {
  const browser = await openBrowser();
  if ('missing' in browser) return browser;
  const cli = await startCliGround();
  const demo = cli.start(['demo', '--port', '0']);
  const [, url = ''] = await demo.untilStderr(/(http:\/\/127\.0\.0\.1:\d+)\/api\/v1\/status/);
  await untilStored(url);
  return groundOf(browser, cli, url);
}

function groundOf(browser: Browser, cli: CliGround, url: string): ConsoleGround {
  const troubles: string[] = [];
  return {
    url,
    troubles,
    open: async (path, options = {}) => {
      const context = await browser.newContext({
        locale: 'en',
        viewport: { width: 1400, height: 900 },
        ...options,
      });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: url });
      const page = await context.newPage();
      page.on('pageerror', (error) => troubles.push(`${path}: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') troubles.push(`${path}: ${message.text()}`);
      });
      await page.goto(url + path);
      await page.waitForSelector('main');
      return page;
    },
    close: async () => {
      await browser.close();
      await cli.close();
    },
  };
}

/** Until the two hours that the demo begins with are in its store, and nothing waits. */
async function untilStored(url: string): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const { destinations } = (await (await fetch(`${url}/api/v1/status`)).json()) as {
      destinations: { id: string; delivered: number; waiting: { waitingRecords: number } }[];
    };
    const local = destinations.find(({ id }) => id === 'local');
    if (local !== undefined && local.delivered > 50_000 && local.waiting.waitingRecords < 500) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('The history of the demo did not come into its store.');
}

/** What axe finds wrong for people who cannot see or point well; empty is good. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // The page's own policy would refuse a script element; evaluating does not ask it.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: { readonly run: (options: object) => Promise<AxeResults> } })
      .axe.run;
    return await run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
  });
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  );
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
