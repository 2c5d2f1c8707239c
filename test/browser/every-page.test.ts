/** Every page, in both languages and themes: it is drawn without trouble, and people who use it differently can. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessibilityProblems, type ConsoleGround, startDemoConsole } from './testing/console-ground.ts';

const PAGES = {
  '/logs?range=2h': { en: 'Logs', zh: '日志' },
  '/sources': { en: 'Sources', zh: '采集源' },
  '/sources/ecs_services?range=halfDay': { en: 'Coverage', zh: '完整性' },
  '/destinations': { en: 'Destinations', zh: '目的地' },
  '/runs': { en: 'Nothing ran yet', zh: '还没有执行过' },
  '/settings': { en: 'Log stores', zh: '日志存储' },
} as const;

let ground: ConsoleGround | { readonly missing: string };

beforeAll(async () => {
  ground = await startDemoConsole();
  if ('missing' in ground) console.error(`Skipped: ${ground.missing}.`);
});
afterAll(async () => {
  if ('close' in ground) await ground.close();
});

describe.each([
  ['en', 'light'],
  ['zh-CN', 'dark'],
] as const)('in %s, %s', (locale, colorScheme) => {
  test.each(Object.entries(PAGES))('%s', async (path, { en, zh }) => {
    if ('missing' in ground) return;
    const { open, troubles } = ground;
    const page = await open(path, { locale, colorScheme });
    await page
      .getByText(locale === 'en' ? en : zh)
      .first()
      .waitFor();
    await page.waitForLoadState('networkidle').catch(() => {});
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(troubles).toEqual([]);
    await page.context().close();
  });
});
