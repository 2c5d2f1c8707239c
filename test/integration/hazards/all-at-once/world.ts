/** Log groups with everything that is ever written to them, and when it is shown: planned at the start of a run. */
import { type Random, randomInteger } from '../../../../src/foundation/random.ts';
import { HOUR, MINUTE, SECOND, START, type Weather } from './weather.ts';

export interface PlannedEvent {
  readonly id: string;
  readonly timestampMillis: number;
  readonly ingestedMillis: number;
  readonly shownMillis: number;
}

/** A group from its making to its end. */
export interface Generation {
  readonly createdMillis: number;
  readonly deletedMillis: number;
  /** In the order of FilterLogEvents: by time, then by ingestion. */
  readonly events: readonly PlannedEvent[];
}

export interface Group {
  readonly name: string;
  readonly generations: readonly Generation[];
  readonly retentionMillis: number | undefined;
}

/** The service no longer shows an event from then on. */
export function goneMillis(group: Group, generation: Generation, event: PlannedEvent): number {
  const expires = event.timestampMillis + (group.retentionMillis ?? Number.POSITIVE_INFINITY);
  return Math.min(expires, generation.deletedMillis);
}

export function generationAt(group: Group, millis: number): Generation | undefined {
  return group.generations.find(
    ({ createdMillis, deletedMillis }) => createdMillis <= millis && millis < deletedMillis,
  );
}

export function planWorld(weather: Weather, random: Random): readonly Group[] {
  return Array.from({ length: weather.groups }, (_, n) => planGroup(`/ecs/group-${n}`, weather, random));
}

function planGroup(name: string, weather: Weather, random: Random): Group {
  const { remakes, stormMillis, retentionMillis } = weather;
  const ends = Array.from({ length: remakes }, () => START + randomInteger(random, 0, stormMillis)).toSorted(
    (a, b) => a - b,
  );
  const generations: Generation[] = [];
  let createdMillis = START - 24 * HOUR;
  for (const deletedMillis of [...ends, Number.POSITIVE_INFINITY]) {
    if (deletedMillis <= createdMillis) continue;
    generations.push({ createdMillis, deletedMillis, events: [] });
    // A deployment makes it again at once; a person after a while.
    createdMillis = deletedMillis + (random.next() < 0.5 ? 1 : randomInteger(random, 1, 10 * MINUTE));
  }
  const events = planEvents(name, weather, random);
  const held = generations.map((generation) => ({
    ...generation,
    events: events.filter(
      ({ ingestedMillis: at }) => at >= generation.createdMillis && at < generation.deletedMillis,
    ),
  }));
  return { name, generations: held, retentionMillis };
}

/** Bursts and lulls; each event with its own lateness, or date of the future. */
function planEvents(name: string, weather: Weather, random: Random): PlannedEvent[] {
  const fromMillis = START - weather.startBeforeMillis - 30 * MINUTE;
  const lengthMillis = START + weather.stormMillis - fromMillis;
  const centres = Array.from({ length: 4 }, () => fromMillis + random.next() * lengthMillis);
  const events: PlannedEvent[] = [];
  for (let n = 0; n < weather.events; n++) {
    const previous = events.at(-1);
    const isTied = previous !== undefined && random.next() < weather.tiedShare;
    const centre = centres[randomInteger(random, 0, 4)] as number;
    const spread =
      random.next() < 0.5 ? random.next() * lengthMillis + fromMillis : centre + random.next() * MINUTE;
    const ingested = Math.min(Math.floor(spread), START + weather.stormMillis);
    const timestampMillis = isTied ? previous.timestampMillis : dated(ingested, weather, random);
    const latestMillis = timestampMillis + weather.maxLatenessMillis - 1;
    const ingestedMillis = isTied
      ? Math.min(latestMillis, previous.ingestedMillis + randomInteger(random, 0, 3000))
      : ingested;
    events.push({ id: `${name} ${n}`, timestampMillis, ingestedMillis, shownMillis: 0 });
  }
  return events
    .map((event) => ({ ...event, shownMillis: event.ingestedMillis + hiddenMillis(event, weather, random) }))
    .toSorted((a, b) => a.timestampMillis - b.timestampMillis || a.ingestedMillis - b.ingestedMillis);
}

function dated(ingestedMillis: number, weather: Weather, random: Random): number {
  if (random.next() < weather.futureShare) return ingestedMillis + Math.floor(random.next() * 2 * HOUR);
  const late = random.next() < weather.lateShare ? weather.latestMillis : 2 * SECOND;
  return ingestedMillis - Math.floor(random.next() * late);
}

/** What is ingested is not shown at once; but all that is later than max_lateness nobody promises to find. */
function hiddenMillis(
  { timestampMillis, ingestedMillis }: PlannedEvent,
  { maxLatenessMillis }: Weather,
  random: Random,
): number {
  const usual = random.next() < 0.1 ? 90 * SECOND : 3 * SECOND;
  const leftMillis = Math.max(0, timestampMillis + maxLatenessMillis - 1 - ingestedMillis);
  return Math.min(leftMillis, Math.floor(random.next() * usual));
}
