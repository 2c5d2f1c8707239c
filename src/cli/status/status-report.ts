import { judge } from '../../api/health-routes.ts';
import { partitionTitle } from '../../aws/log-groups/log-group-partition.ts';
import type { LoadedConfig } from '../../config/loaded-config.ts';
import { isBackfillKey } from '../../contracts/checkpoint.ts';
import type { StateStore } from '../../contracts/state-store.ts';
import { LogferryError } from '../../foundation/logferry-error.ts';
import type { PipelineStatus } from '../../pipeline/pipeline.ts';
import { type SpoolStatus, spoolStatus } from '../../pipeline/spool/spool-status.ts';
import { readLockOwner } from '../../state/data-dir-lock.ts';
import type { CliContext } from '../cli-context.ts';
import { callServer, serverUrl } from '../server-client.ts';
import { withState } from '../with-state.ts';

/** What GET /api/v1/status answers. */
export interface ServerStatus extends PipelineStatus {
  readonly version: string;
  readonly pid: number;
  readonly startedAtMillis: number;
}

/** Of a server that works on the data folder: all that it says. */
export interface LiveReport extends ServerStatus {
  readonly isRunning: true;
  readonly url: string;
  readonly health: 'ok' | 'degraded' | 'failed';
  readonly problems: readonly string[];
}

/** Without one: what the data folder holds. */
export interface KeptReport {
  readonly isRunning: false;
  /** Another process that works on the folder, such as a run. */
  readonly usedBy?: { readonly command: string; readonly pid: number };
  readonly sources: readonly KeptSource[];
  readonly destinations: readonly {
    readonly id: string;
    readonly waiting: PipelineStatus['destinations'][number]['waiting'];
  }[];
  readonly spool: SpoolStatus;
}

export interface KeptSource {
  readonly id: string;
  readonly partitions: readonly {
    readonly key: string;
    readonly title: string;
    readonly headMillis: number;
    readonly watermarkMillis: number;
    readonly horizonMillis: number;
  }[];
}

export type StatusReport = LiveReport | KeptReport;

/** Throws SERVER_NOT_RUNNING where there is neither a server nor anything that was ever collected. */
export async function readStatus(cli: CliContext, config: LoadedConfig): Promise<StatusReport> {
  const owner = await readLockOwner(config.dataDir);
  const live = owner === undefined ? undefined : await askServer(config, owner.pid);
  if (live !== undefined) return live;
  return await withState(cli, config, async (state) => {
    if (state === undefined) {
      throw new LogferryError('SERVER_NOT_RUNNING', `Nothing was collected in ${config.dataDir} yet.`, {
        hint: '`logferry up` collects until it is stopped, `logferry run <source>` once.',
      });
    }
    const kept = await readKept(config, state);
    return owner === undefined ? kept : { ...kept, usedBy: { command: owner.command, pid: owner.pid } };
  });
}

/** Undefined when nobody answers, or the server of another data folder does. */
async function askServer(config: LoadedConfig, pid: number): Promise<LiveReport | undefined> {
  try {
    const status = (await callServer(config, 'GET', '/api/v1/status')) as ServerStatus;
    if (status.pid !== pid) return undefined;
    const { status: health, problems } = judge(status);
    return { isRunning: true, url: serverUrl(config), health, problems, ...status };
  } catch (thrown) {
    if (thrown instanceof LogferryError && thrown.code === 'SERVER_NOT_RUNNING') return undefined;
    throw thrown;
  }
}

async function readKept(config: LoadedConfig, state: StateStore): Promise<KeptReport> {
  const usage = await state.spool.usage();
  const sources: KeptSource[] = [];
  for (const { id } of config.sources) {
    const stored = (await state.list(`${id}|`)).filter(({ key }) => !isBackfillKey(key));
    const partitions = stored.map(({ key, checkpoint: { headMillis, watermarkMillis, lateness } }) => ({
      key,
      title: partitionTitle(key),
      headMillis,
      watermarkMillis,
      horizonMillis: lateness.horizonMillis,
    }));
    sources.push({ id, partitions });
  }
  const destinations = usage.consumers.map(({ consumer, ...waiting }) => ({ id: consumer, waiting }));
  return { isRunning: false, sources, destinations, spool: spoolStatus(usage) };
}
