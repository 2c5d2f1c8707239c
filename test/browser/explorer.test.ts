/** The explorer as a person uses it, on the demo. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ConsoleGround, startDemoConsole } from './testing/console-ground.ts';

let ground: ConsoleGround | { readonly missing: string };

beforeAll(async () => {
  ground = await startDemoConsole();
  if ('missing' in ground) console.error(`Skipped: ${ground.missing}.`);
});
afterAll(async () => {
  if ('close' in ground) await ground.close();
});

/** Skips itself, with the reason, where no Chromium can be had. */
function inBrowser(work: (ground: ConsoleGround) => Promise<void>) {
  return async ({ skip }: { readonly skip: (why: string) => void }) => {
    if ('missing' in ground) skip(ground.missing);
    else await work(ground);
  };
}

const row = (index: number) => `[data-index="${index}"] > div`;

describe('the explorer', () => {
  test(
    'leads from the demo to the incident, to what stood around a line, and back by its link',
    inBrowser(async ({ open }) => {
      const page = await open('/');
      expect(new URL(page.url()).pathname).toBe('/logs');
      await page.getByRole('button', { name: /Time range/ }).click();
      await page.getByLabel('A time, typed').fill('2h');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'error', exact: true }).click();
      await page.waitForURL(/q=level%3Aerror/);
      await page.getByRole('textbox', { name: 'Query' }).fill('level:error "could not get a connection"');
      await page.keyboard.press('Enter');
      await page.locator(row(0)).filter({ hasText: 'could not get a connection' }).click();
      const drawer = page.getByRole('complementary', { name: 'The line that is open' });
      await drawer.getByText('could not get a connection').first().waitFor();
      await drawer.getByRole('tab', { name: 'Context' }).click();
      const here = drawer.locator('[aria-current="true"]');
      await here.waitFor();
      expect(await drawer.locator('[data-here]').count()).toBeGreaterThan(10);
      const line = await here.innerText();

      await drawer.getByRole('button', { name: 'Copy a link to this line' }).click();
      const link = await page.evaluate(() => navigator.clipboard.readText());
      expect(link).not.toContain('range=');
      const afresh = await open(link.slice(new URL(link).origin.length));
      const same = afresh.getByRole('complementary', { name: 'The line that is open' });
      await same.getByRole('tab', { name: 'Context' }).click();
      await same.locator('[aria-current="true"]').waitFor();
      expect(await same.locator('[aria-current="true"]').innerText()).toBe(line);
    }),
  );

  test(
    'keeps the whole state in the address: back goes to the query before',
    inBrowser(async ({ open }) => {
      const page = await open('/logs?range=2h');
      await page.getByRole('button', { name: 'warning', exact: true }).click();
      await page.waitForURL(/level%3Awarning/);
      expect(await page.getByRole('textbox', { name: 'Query' }).inputValue()).toBe('level:warning');
      await page.goBack();
      await expect.poll(() => page.getByRole('textbox', { name: 'Query' }).inputValue()).toBe('');
    }),
  );

  test(
    'says at which column a query is wrong, and keeps showing what was there',
    inBrowser(async ({ open }) => {
      const page = await open('/logs?range=2h');
      await page.locator(row(0)).waitFor();
      await page.getByRole('textbox', { name: 'Query' }).fill('service:web AND (level:error');
      await page.keyboard.press('Escape');
      await page
        .getByRole('alert')
        .getByText(/Column \d+:/)
        .waitFor();
      await page.keyboard.press('Enter');
      expect(page.url()).not.toContain('q=');
      expect(await page.locator(row(0)).isVisible()).toBe(true);
    }),
  );

  test(
    'has one number of lines for histogram, facets and list',
    inBrowser(async ({ open }) => {
      const page = await open('/logs?range=2h&q=level%3Awarning');
      await page.locator(row(0)).waitFor();
      const total = /of ([\d,]+) lines/;
      const ofHistogram = await page
        .getByRole('img', { name: /Lines by time and level/ })
        .getAttribute('aria-label');
      const count = Number(/([\d,]+) in all/.exec(ofHistogram ?? '')?.[1]?.replaceAll(',', ''));
      expect(count).toBeGreaterThan(100);
      const facet = page.locator('[data-mode="include"]').filter({ hasText: 'warning' });
      expect(Number((await facet.innerText()).replaceAll(/\D/g, ''))).toBe(count);
      await page.getByRole('log').evaluate((list) => list.scrollTo(0, list.scrollHeight));
      await expect
        .poll(async () => total.exec(await page.getByRole('log').innerText())?.[1])
        .toBe(String(count));
    }),
  );

  test(
    'is driven by the keyboard: lines, errors, search, and the sheet that tells how',
    inBrowser(async ({ open }) => {
      const page = await open('/logs?range=2h');
      await page.locator(row(0)).waitFor();
      await page.keyboard.press('j');
      await page.waitForURL(/open=/);
      const first = page.url();
      await page.keyboard.press('e');
      await expect.poll(() => page.url()).not.toBe(first);
      await page
        .getByRole('complementary', { name: 'The line that is open' })
        .getByText('error')
        .first()
        .waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.url()).not.toContain('open=');
      await page.keyboard.press('?');
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('/');
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
        .toBe('Query');
    }),
  );

  test(
    'follows what comes in, holds still when somebody scrolls, and goes on with what came',
    inBrowser(async ({ open }) => {
      const page = await open('/logs?live=true');
      const newest = async () => await page.locator(row(0)).innerText();
      await page
        .locator(row(50))
        .waitFor({ state: 'attached' })
        .catch(() => {});
      const before = await newest();
      await expect.poll(newest, { timeout: 20_000 }).not.toBe(before);
      await page.getByRole('log').evaluate((list) => list.scrollTo(0, 400));
      const more = page.getByRole('button', { name: /\d+ new/ });
      await page.getByText('Paused').waitFor();
      const still = await page.getByRole('log').innerText();
      await more.waitFor({ timeout: 20_000 });
      expect(await page.getByRole('log').innerText()).toBe(still);
      await more.click();
      await page.getByText('Lines are shown as they come in.').waitFor();
    }),
  );
});
