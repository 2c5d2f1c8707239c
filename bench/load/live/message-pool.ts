import { seededRandom } from '../../../src/foundation/random.ts';

const MESSAGES = 997;
const WORDS = 'order payment cart user session stock price item address invoice shipment refund coupon'.split(
  ' ',
);

/** Log lines of about so many bytes, already as JSON strings; about as alike, and so as compressible, as a service's are. */
export function messagePool(bytes: number): readonly string[] {
  const random = seededRandom(bytes);
  const hex = () =>
    Math.floor(random.next() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return Array.from({ length: MESSAGES }, (_, index) => {
    const level = index % 20 === 0 ? 'WARN' : 'INFO';
    let text = `{"level":"${level}","logger":"com.example.OrderService","trace":"${hex()}${hex()}","message":"`;
    while (text.length < bytes - 2) {
      const word = WORDS[Math.floor(random.next() * WORDS.length)];
      text += random.next() < 0.3 ? `${word}=${hex()} ` : `${word} `;
    }
    return JSON.stringify(`${text.slice(0, Math.max(1, bytes - 2))}"}`);
  });
}
