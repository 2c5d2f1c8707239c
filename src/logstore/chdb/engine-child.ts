// The process that chDB (ClickHouse as a library) lives in: a crash of the engine, or its memory, stays here.
import type { Session } from 'chdb';
import type { SqlParameters } from '../engine.ts';
import type { EngineReply, EngineRequest } from './engine-messages.ts';

/** The package is not there, or has no library for this machine. */
class MissingEngine extends Error {}

let session: Session | undefined;

// Ctrl-C reaches the whole group of processes; this one ends when its parent says so, or is gone.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => {
  session?.close();
  process.exit(0);
});

// One after the other: the engine has its own threads, and the order of statements must be theirs.
let turn: Promise<void> = Promise.resolve();
process.on('message', (request: EngineRequest) => {
  turn = turn.then(() => answer(request));
});

async function answer(request: EngineRequest): Promise<void> {
  try {
    reply({ id: request.id, ok: true, result: await work(request) });
    if (request.kind === 'close') process.disconnect();
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    reply({ id: request.id, ok: false, missing: thrown instanceof MissingEngine, message });
  }
}

function reply(message: EngineReply): void {
  if (process.connected) process.send?.(message);
}

async function work(request: EngineRequest): Promise<string> {
  switch (request.kind) {
    case 'open':
      return await open(request.dir, request.statements);
    case 'close':
      session?.close();
      session = undefined;
      return '';
    case 'query':
      try {
        return await answerOf(request.sql, request.parameters);
      } catch (thrown) {
        await clearOutput();
        throw thrown;
      }
    case 'insert':
      await opened().insert({
        table: request.table,
        values: request.lines,
        format: 'JSONEachRow',
        settings: { async_insert: 0, max_partitions_per_insert_block: 0 },
      });
      return '';
  }
}

async function answerOf(sql: string, parameters: SqlParameters): Promise<string> {
  return (await opened().queryBindAsync(sql, parameters, { format: 'JSONEachRow' })).text();
}

const PROBE = 'SELECT 1 AS probe';
const PROBE_ANSWER = '{"probe":1}\n';

/**
 * chDB 3.4 puts what a query had answered before it failed in front of the answer of the next one. A query of no
 * importance takes it away; a process that keeps it is of no use.
 */
async function clearOutput(): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    if ((await answerOf(PROBE, {}).catch(() => '')) === PROBE_ANSWER) return;
  }
  process.exit(1);
}

async function open(dir: string, statements: readonly string[]): Promise<string> {
  const chdb = await import('chdb').catch((thrown: unknown) => {
    throw new MissingEngine(thrown instanceof Error ? thrown.message : String(thrown));
  });
  session = new chdb.Session(dir, { connectionArgs: ['--output_format_json_quote_64bit_integers=0'] });
  for (const statement of statements) await session.queryAsync(statement);
  return '';
}

function opened(): Session {
  if (session === undefined) throw new Error('The engine is not open.');
  return session;
}
