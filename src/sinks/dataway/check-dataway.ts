import type { CheckItem, CheckReport } from '../../contracts/check-report.ts';
import { fixFor } from '../../sink-kit/failure-fix.ts';
import type { HttpReply, HttpResult, HttpTransport } from '../../sink-kit/http-transport.ts';
import { type ErrorReply, errorReply } from '../../sink-kit/line-protocol/error-reply.ts';
import { describeReply, saysTokenIsWrong } from '../../sink-kit/line-protocol/status-outcome.ts';
import { isWebPage } from './dataway-outcome.ts';

const TOKEN_FIX =
  'Copy the token of the workspace anew (Management › Settings), and check that `url` is the address of the same site.';

/**
 * Asks `GET /v1/check/token/<token>`, as DataKit does (source: its API list and its client): `{"code":200}`, or 403
 * `kodo.tokenNotFound`, the latter also inside a 200. A Dataway that has no such route is sent a write without a body,
 * which stores nothing and is refused when the token is unknown.
 */
export async function checkDataway(
  transport: HttpTransport,
  urls: { readonly base: URL; readonly write: URL },
  token: string,
  signal: AbortSignal,
): Promise<CheckReport> {
  const url = new URL(`v1/check/token/${token}`, urls.base);
  const asked = await transport.send({ method: 'GET', url }, signal);
  const isKnownRoute = asked.kind === 'failed' || (asked.status !== 404 && asked.status !== 405);
  const result = isKnownRoute ? asked : await transport.send({ method: 'POST', url: urls.write }, signal);
  return reportOf(result, urls.base.host, isKnownRoute);
}

function reportOf(result: HttpResult, host: string, isKnownRoute: boolean): CheckReport {
  const answers = `A Dataway answers at ${host}`;
  if (result.kind === 'failed')
    return [failed(answers, 'DESTINATION_UNREACHABLE', result.detail, fixFor(result.reason))];
  if (isWebPage(result) || result.status === 404) {
    const detail = `Something else answers there: HTTP ${result.status}.`;
    return [failed(answers, 'DESTINATION_UNREACHABLE', detail, fixFor('not_dataway'))];
  }
  if (result.status >= 500 || result.status === 429)
    return [failed(answers, 'DESTINATION_BUSY', `HTTP ${result.status}.`, fixFor(`http_${result.status}`))];
  return [{ status: 'ok', title: answers }, tokenItem(result, isKnownRoute)];
}

function tokenItem(reply: HttpReply, isKnownRoute: boolean): CheckItem {
  const title = 'The token is valid';
  const error = errorReply(reply);
  if (isDenied(reply, error))
    return failed(title, 'DESTINATION_DENIED', describeReply(reply.status, error), TOKEN_FIX);
  if (isKnownRoute && reply.status === 200) return { status: 'ok', title };
  return {
    status: 'warning',
    title,
    detail: 'This Dataway does not say; it did not refuse the token. The first batch will show.',
  };
}

function isDenied(reply: HttpReply, error: ErrorReply | undefined): boolean {
  return reply.status === 401 || reply.status === 403 || saysTokenIsWrong(error);
}

function failed(
  title: string,
  code: Extract<CheckItem, { status: 'failed' }>['code'],
  detail: string,
  fix: string,
): CheckItem {
  return { status: 'failed', title, code, detail, fix };
}
