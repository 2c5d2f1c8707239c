// The process that chDB (ClickHouse as a library) lives in: a crash of the engine, or its memory, stays here.
import type { Session } from 'chdb';
import type { SqlParameters } from '../engine.ts';
import type { EngineReply, EngineRequest } from './engine-messages.ts';
import { SearchLane } from './search-lane.ts';

/** The package is not there, or has no library for this machine. */
class MissingEngine extends Error {}

/** Of the store's own work. */
let session: Session | undefined;
/** Ends what searches do. */
let control: Session | undefined;
let lanes: readonly SearchLane[] = [];

// Ctrl-C reaches the whole group of processes; this one ends when its parent says so, or is gone.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => {
  void closeSessions().finally(() => process.exit(0));
});

// The store's own work goes one after the other: the engine has its own threads, and the order of statements must be theirs.
let turn: Promise<void> = Promise.resolve();
process.on('message', (request: EngineRequest) => {
  if (request.kind === 'more') for (const lane of lanes) lane.more(request.id);
  else if (request.kind === 'cancel') for (const lane of lanes) lane.cancel(request.id);
  else if (request.kind === 'search') void answer(request);
  else turn = turn.then(() => answer(request));
});

async function answer(request: EngineRequest): Promise<void> {
  try {
    reply({ id: request.id, kind: 'done', text: await work(request) });
    if (request.kind === 'close') process.disconnect();
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    reply({ id: request.id, kind: 'failed', missing: thrown instanceof MissingEngine, message });
  }
}

function reply(message: EngineReply): void {
  if (process.connected) process.send?.(message);
}

async function work(request: EngineRequest): Promise<string> {
  switch (request.kind) {
    case 'open':
      return await open(request);
    case 'close':
      await closeSessions();
      return '';
    case 'rows':
      return await answerOf(request.sql, request.parameters);
    case 'run':
      await opened().queryAsync(request.sql);
      return '';
    case 'insert':
      await opened().insert({
        table: request.table,
        values: request.lines,
        format: 'JSONEachRow',
        settings: { async_insert: 0, max_partitions_per_insert_block: 0 },
      });
      return '';
    case 'search': {
      const lane = lanes[request.lane];
      if (lane === undefined) throw new Error('The engine is not open.');
      await lane.search(request, (text) => reply({ id: request.id, kind: 'rows', text }));
      return '';
    }
    case 'more':
    case 'cancel':
      return '';
  }
}

/**
 * chDB 3.4 binds parameters of single statements for the whole process: two at once would mix up their values. A
 * stream binds its own while it is started, which is never two at once.
 */
async function answerOf(sql: string, parameters: SqlParameters): Promise<string> {
  let text = '';
  for await (const chunk of opened().queryStreamBind(sql, parameters, { format: 'JSONEachRow' }))
    text += chunk.text();
  return text;
}

async function open(request: EngineRequest & { kind: 'open' }): Promise<string> {
  const { dir, statements, searchStatements } = request;
  const chdb = await import('chdb').catch((thrown: unknown) => {
    throw new MissingEngine(thrown instanceof Error ? thrown.message : String(thrown));
  });
  const connect = async (setUp: readonly string[]) => {
    const connection = new chdb.Session(dir, {
      connectionArgs: ['--output_format_json_quote_64bit_integers=0'],
    });
    for (const statement of setUp) await connection.queryAsync(statement);
    return connection;
  };
  session = await connect(statements);
  control = await connect([]);
  const made: SearchLane[] = [];
  for (let lane = 0; lane < request.lanes; lane++)
    made.push(new SearchLane(await connect(searchStatements), control));
  lanes = made;
  return '';
}

async function closeSessions(): Promise<void> {
  const ending = lanes;
  lanes = [];
  await Promise.all(ending.map((lane) => lane.close()));
  control?.close();
  session?.close();
  control = undefined;
  session = undefined;
}

function opened(): Session {
  if (session === undefined) throw new Error('The engine is not open.');
  return session;
}
