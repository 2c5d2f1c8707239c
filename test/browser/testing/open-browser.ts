import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

const SWITCHES = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Answers why not where no Chromium can be had. */
export async function openBrowser(): Promise<Browser | { readonly missing: string }> {
  const executablePath = findChromium();
  if (typeof executablePath !== 'string') return executablePath;
  return await chromium.launch({ executablePath, headless: true, args: SWITCHES });
}
