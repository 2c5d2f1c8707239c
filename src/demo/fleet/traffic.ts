import { pickOne, type Random, randomInteger } from '../../foundation/random.ts';
import type { FleetSeed } from './planned-task.ts';
import { randomFor } from './seeded.ts';
import { incidentIntensity } from './timeline.ts';

/** A request of a customer, as web, checkout-api and orders each tell of it: they share its trace id. */
export interface CustomerRequest {
  readonly traceId: string;
  readonly user: string;
  readonly address: string;
  readonly agent: string;
  readonly kind: 'page' | 'cart' | 'checkout';
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** The end of the request, within its second. */
  readonly endsAtMillis: number;
  readonly durationMillis: number;
  readonly failed: boolean;
  readonly orderId: string;
}

const USERS = ['u-1007', 'u-1042', 'u-2218', 'u-3391', '王小明', '李娜', '陈晨', '佐藤健', '김민준', 'zoë'];
const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  'ShopApp/7.4 (Android 16)',
];
const PAGES = [
  '/',
  '/products',
  '/products/4711',
  '/products/1234?ref=mail',
  '/static/app.js',
  '/search?q=%E8%8C%B6',
];

/** The requests that end in a second, by time. */
export function requestsOfSecond(fleet: FleetSeed, second: number): readonly CustomerRequest[] {
  const random = randomFor(fleet.seed, 'traffic', second);
  const intensity = incidentIntensity(fleet.startMillis, second * 1000);
  // A slow wave, so that a histogram has a shape.
  const mean = 4.2 + 1.4 * Math.sin(second / 460);
  const count = Math.floor(mean + random.next() * 1.5);
  const ends = Array.from({ length: count }, () => randomInteger(random, 0, 960)).sort((a, b) => a - b);
  return ends.map((end) => request(random, second * 1000 + end, intensity));
}

function request(random: Random, endsAtMillis: number, intensity: number): CustomerRequest {
  const share = random.next();
  const kind = share < 0.45 ? 'page' : share < 0.65 ? 'cart' : 'checkout';
  const failed = kind !== 'page' && random.next() < 0.62 * intensity;
  const usual = (kind === 'page' ? 3 : 18) + random.next() ** 3 * (kind === 'page' ? 60 : 240);
  const slowed = kind === 'page' ? usual : usual * (1 + 9 * intensity);
  return {
    traceId: hex(random, 32),
    user: pickOne(random, USERS),
    address: `203.0.113.${randomInteger(random, 1, 255)}`,
    agent: pickOne(random, AGENTS),
    kind,
    method: kind === 'checkout' ? 'POST' : 'GET',
    path: kind === 'page' ? pickOne(random, PAGES) : `/api/${kind}`,
    endsAtMillis,
    durationMillis: Math.round((failed ? 5000 + random.next() * 180 : slowed) * 10) / 10,
    failed,
    orderId: String(randomInteger(random, 100_000, 999_999)),
  };
}

function hex(random: Random, digits: number): string {
  let text = '';
  while (text.length < digits)
    text += Math.floor(random.next() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, digits);
}
