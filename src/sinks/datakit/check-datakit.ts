import type { CheckItem, CheckReport } from '../../contracts/check-report.ts';
import type { ErrorCode } from '../../foundation/error-codes.ts';
import type { LogRecord } from '../../record/log-record.ts';
import { fixFor } from '../../sink-kit/failure-fix.ts';
import type { HttpReply, HttpResult, HttpTransport } from '../../sink-kit/http-transport.ts';
import { errorReply } from '../../sink-kit/line-protocol/error-reply.ts';
import { LineProtocolEncoder } from '../../sink-kit/line-protocol/line-protocol-encoder.ts';
import { describeReply } from '../../sink-kit/line-protocol/status-outcome.ts';
import { isFromDatakit } from './datakit-outcome.ts';

/**
 * First whether a DataKit answers, then whether it would take a point: a dry run passes its access list, its limiter
 * and its parser, and stores nothing. That the DataKit reaches its Dataway is not proven by it.
 */
export async function checkDatakit(
  transport: HttpTransport,
  base: URL,
  nowMillis: number,
  signal: AbortSignal,
): Promise<CheckReport> {
  const ping = await transport.send({ method: 'GET', url: new URL('v1/ping', base) }, signal);
  const answer = judgePing(ping, base);
  if (answer.status === 'failed') return [answer];
  const url = new URL('v1/write/logging?precision=n&dry=1&strict=1&echo=pbjson', base);
  const { body } = new LineProtocolEncoder().encode([sampleRecord(nowMillis)]);
  const dryRun = await transport.send({ method: 'POST', url, body }, signal);
  return [answer, judgeDryRun(dryRun)];
}

function sampleRecord(nowMillis: number): LogRecord {
  return {
    id: 'logferry-check',
    timestampMillis: nowMillis,
    ingestedMillis: nowMillis,
    message: 'Logferry looks whether this DataKit takes logs.',
    level: 'info',
    origin: { source: 'logferry_check', tags: { host: 'logferry' } },
  };
}

function judgePing(result: HttpResult, base: URL): CheckItem {
  const title = `A DataKit answers at ${base.host}`;
  if (result.kind === 'failed') return unreachable(title, result.reason, result.detail);
  const facts = pingFacts(result);
  if (!isFromDatakit(result) && facts === undefined) {
    return {
      status: 'failed',
      title,
      code: 'DESTINATION_NOT_DATAKIT',
      detail: `Something else answers there: HTTP ${result.status} without the header X-Datakit.`,
      fix: fixFor('not_datakit'),
    };
  }
  const version = facts?.version ?? result.headers['x-datakit']?.split('/')[0] ?? 'of unknown version';
  return { status: 'ok', title, detail: [`DataKit ${version}`, facts?.about].filter(Boolean).join(', ') };
}

function pingFacts(reply: HttpReply): { readonly version: string; readonly about?: string } | undefined {
  if (reply.status !== 200) return undefined;
  try {
    const { content } = JSON.parse(reply.body) as { content?: Record<string, unknown> };
    if (typeof content?.['version'] !== 'string') return undefined;
    const { version, host, uptime } = content;
    const about = [
      typeof host === 'string' ? `host ${host}` : undefined,
      typeof uptime === 'string' ? `up ${uptime}` : undefined,
    ].filter(Boolean);
    return { version, ...(about.length > 0 && { about: about.join(', ') }) };
  } catch {
    return undefined;
  }
}

function judgeDryRun(result: HttpResult): CheckItem {
  const title = 'It takes log records';
  if (result.kind === 'failed') return unreachable(title, result.reason, result.detail);
  if (result.status === 200 && isFromDatakit(result)) {
    const detail =
      'In a dry run: nothing was stored. Whether it reaches its Dataway shows `datakit monitor`.';
    return { status: 'ok', title, detail };
  }
  const [code, fix] = explanation(result);
  return { status: 'failed', title, code, detail: describeReply(result.status, errorReply(result)), fix };
}

function explanation(reply: HttpReply): readonly [ErrorCode, string] {
  switch (reply.status) {
    case 401:
    case 403:
      return [
        'DESTINATION_DENIED',
        'Allow /v1/write/logging in `public_apis` under [http_api] in the datakit.conf, or run Logferry on the same machine.',
      ];
    case 429:
      return ['DESTINATION_BUSY', 'Raise `request_rate_limit` under [http_api] in the datakit.conf.'];
    case 200:
      return ['DESTINATION_NOT_DATAKIT', fixFor('no_receipt')];
    case 404:
    case 405:
      return ['DESTINATION_UNREACHABLE', 'This DataKit has no /v1/write/logging: update it.'];
    default:
      return reply.status >= 500 || reply.status === 408
        ? ['DESTINATION_BUSY', fixFor(`http_${reply.status}`)]
        : ['DESTINATION_REJECTED', 'Please report this with the version of the DataKit.'];
  }
}

function unreachable(title: string, reason: string, detail: string): CheckItem {
  return { status: 'failed', title, code: 'DESTINATION_UNREACHABLE', detail, fix: fixFor(reason) };
}
