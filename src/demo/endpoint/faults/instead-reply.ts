import { ApiError } from '../api-error.ts';
import { refuseToken as refuseEcsToken } from '../ecs/ecs-errors.ts';
import { refuseToken } from '../logs/find-log-group.ts';
import { type DeniedSubject, deniedResource } from './denied-resource.ts';
import type { InsteadFault } from './fault.ts';

export interface RawReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

type Answering = Exclude<InsteadFault, { kind: 'reset' | 'hang' }>;

/** What a fault answers in place of the operation: an error for the protocol to write, or bytes as they are. */
export function insteadReply(fault: Answering, subject: DeniedSubject): ApiError | RawReply {
  const isQuery = subject.service === 'sts';
  switch (fault.kind) {
    case 'throttle':
      return new ApiError(isQuery ? 'Throttling' : 'ThrottlingException', 'Rate exceeded', 400);
    case 'deny':
      return denied(subject);
    case 'server-error':
      return serverError(fault.code ?? 'ServiceUnavailableException', isQuery);
    case 'error':
      return new ApiError(fault.code, fault.message, fault.status ?? 400);
    case 'expired-token':
      return subject.service === 'ecs' ? refuseEcsToken('expired') : refuseToken('expired');
    case 'html':
      return htmlPage(fault.status ?? 502);
    case 'body':
      return {
        status: 200,
        contentType: fault.contentType ?? 'application/x-amz-json-1.1',
        body: fault.body,
      };
  }
}

function denied(subject: DeniedSubject): ApiError {
  const permission = `${subject.service}:${subject.action}`;
  const text =
    `User: ${subject.callerArn} is not authorized to perform: ${permission} on resource: ${deniedResource(subject)} ` +
    `because no identity-based policy allows the ${permission} action`;
  return subject.service === 'sts'
    ? new ApiError('AccessDenied', text, 403)
    : new ApiError('AccessDeniedException', text, 400);
}

function serverError(code: 'ServiceUnavailableException' | 'InternalFailure', isQuery: boolean): ApiError {
  if (code === 'InternalFailure') {
    return new ApiError(
      code,
      'The request processing has failed because of an unknown error, exception or failure.',
      500,
    );
  }
  const name = isQuery ? 'ServiceUnavailable' : code;
  return new ApiError(name, 'The service cannot complete the request.', 503);
}

function htmlPage(status: 200 | 502): RawReply {
  const title = status === 200 ? 'Sign in to continue' : '502 Bad Gateway';
  const body = `<html>\n<head><title>${title}</title></head>\n<body>\n<center><h1>${title}</h1></center>\n</body>\n</html>\n`;
  return { status, contentType: 'text/html', body };
}
