/** What a Signature Version 4 `Authorization` header says. */
export interface Authorization {
  readonly accessKeyId: string;
  /** yyyymmdd */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const FORM =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

export function parseAuthorization(header: string): Authorization | undefined {
  const [, accessKeyId, date, region, service, signedHeaders, signature] = FORM.exec(header.trim()) ?? [];
  if (accessKeyId === undefined || date === undefined || region === undefined || service === undefined) {
    return undefined;
  }
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: (signedHeaders ?? '').split(';'),
    signature: signature ?? '',
  };
}
