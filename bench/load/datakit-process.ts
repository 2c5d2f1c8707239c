// The process that plays DataKit: it reads every point strictly, and keeps nothing but their number.
import { startDataKitStandIn } from '../../src/demo/datakit/start-datakit-stand-in.ts';
import { systemClock } from '../../src/foundation/clock.ts';
import { serveParent } from './load-messages.ts';

const standIn = await startDataKitStandIn({ clock: systemClock, storage: { keep: 'counts' } });
serveParent({ url: standIn.url, facts: {} }, () => {
  const { writes, bytes } = standIn.counters;
  return { points: standIn.points, writes, bytes };
});
