// The process that plays DataKit: takes every point apart strictly, and keeps a bit of each event. Argument: `port` and `records`.
import { startDataKitStandIn } from '../../src/demo/datakit/start-datakit-stand-in.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { serveParent } from '../load/load-messages.ts';
import { ArrivedEvents } from './arrived-events.ts';

const { port, records } = JSON.parse(process.argv[2] ?? '{}') as { port: number; records: number };
const arrived = new ArrivedEvents(records);
const standIn = await startDataKitStandIn({ clock: systemClock, port, received: arrived });
serveParent({ url: standIn.url, facts: {} }, () => ({ points: standIn.points, ...arrived.counts }));
