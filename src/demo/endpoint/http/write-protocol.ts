import type { Reply, ServiceName } from '../api-call.ts';
import type { ApiError } from '../api-error.ts';

/** A reply as it goes out, but for its date. */
export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const XML_NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

export function successReply(
  service: ServiceName,
  action: string,
  reply: Reply,
  requestId: string,
): HttpReply {
  if (service !== 'sts') {
    return jsonReply(200, 'json' in reply ? reply.json : JSON.stringify(reply.value), requestId);
  }
  const result = 'json' in reply ? '' : xmlOf(reply.value);
  return xmlReply(
    200,
    `<${action}Response xmlns="${XML_NAMESPACE}"><${action}Result>${result}</${action}Result>` +
      `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`,
    requestId,
  );
}

export function errorReply(service: ServiceName, error: ApiError, requestId: string): HttpReply {
  if (service !== 'sts') {
    const value = { __type: error.code, ...(error.message === '' ? {} : { message: error.message }) };
    return jsonReply(error.status, JSON.stringify(value), requestId, { 'x-amzn-errortype': error.code });
  }
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  return xmlReply(
    error.status,
    `<ErrorResponse xmlns="${XML_NAMESPACE}"><Error><Type>${type}</Type><Code>${escapeXml(error.code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    requestId,
  );
}

function jsonReply(
  status: number,
  json: string,
  requestId: string,
  more: Record<string, string> = {},
): HttpReply {
  const headers = { 'x-amzn-requestid': requestId, 'content-type': 'application/x-amz-json-1.1', ...more };
  return { status, headers, body: Buffer.from(json) };
}

function xmlReply(status: number, xml: string, requestId: string): HttpReply {
  const headers = { 'x-amzn-requestid': requestId, 'content-type': 'text/xml' };
  return { status, headers, body: Buffer.from(xml) };
}

function xmlOf(value: object): string {
  return Object.entries(value)
    .map(([name, inner]: [string, unknown]) => {
      const content = typeof inner === 'object' && inner !== null ? xmlOf(inner) : escapeXml(String(inner));
      return `<${name}>${content}</${name}>`;
    })
    .join('');
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
