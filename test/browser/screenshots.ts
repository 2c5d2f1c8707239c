// `npm run screenshots`: pictures of every page of the console in both languages, made of the demo, into docs/images.
import { fileURLToPath } from 'node:url';
import { startDemoConsole } from './testing/console-ground.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images', import.meta.url));
const PAGES = {
  logs: '/logs?range=2h&q=level%3Aerror',
  sources: '/sources',
  source: '/sources/ecs_services?range=halfDay',
  destinations: '/destinations',
  runs: '/runs',
  settings: '/settings',
} as const;

const ground = await startDemoConsole();
if ('missing' in ground) {
  console.error(`No pictures can be made: ${ground.missing}.`);
  process.exit(1);
}
try {
  await collectOnce(ground.url);
  for (const locale of ['en', 'zh-CN']) {
    for (const [name, path] of Object.entries(PAGES)) {
      const page = await ground.open(path, { locale, viewport: { width: 1280, height: 720 } });
      await page.waitForLoadState('networkidle').catch(() => {});
      if (name === 'logs') await page.locator('[data-index="2"] > div').click();
      await page.waitForTimeout(1500);
      await page.screenshot({ path: `${FOLDER}/console-${name}.${locale}.png` });
      await page.context().close();
      console.log(`console-${name}.${locale}.png`);
    }
  }
} finally {
  await ground.close();
}

/** So that the page of runs has something to show. */
async function collectOnce(url: string): Promise<void> {
  const body = JSON.stringify({ kind: 'collect', source: 'demo_task' });
  await fetch(`${url}/api/v1/runs`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  await new Promise((resolve) => setTimeout(resolve, 3000));
}
