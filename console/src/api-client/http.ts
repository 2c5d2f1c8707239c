/** What the server says went wrong; `code` is one of the error table, `hint` what to do next. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  /** Of a query, counted from 1, where one is at fault. */
  readonly column: number | undefined;

  constructor(status: number, body: ErrorBody | undefined) {
    super(body?.message ?? `The server answered ${status}.`);
    this.status = status;
    this.code = body?.code ?? 'INTERNAL';
    this.hint = body?.hint;
    this.column = body?.column;
  }
}

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly column?: number;
}

type QueryValue = string | number | boolean | undefined;
/** An array stands for a parameter that is given several times. */
export type QueryValues = Readonly<Record<string, QueryValue | readonly string[]>>;

/** Throws ApiError for an answer that is none of 2xx, and TypeError where there is no answer at all. */
export async function getJson<T>(path: string, query: QueryValues = {}, signal?: AbortSignal): Promise<T> {
  return await readJson<T>(await fetch(urlOf(path, query), { ...(signal !== undefined && { signal }) }));
}

export async function sendJson<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<T> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.headers = { 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  return await readJson<T>(await fetch(path, init));
}

export function urlOf(path: string, query: QueryValues): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) if (one !== undefined) search.append(name, String(one));
  }
  const text = search.toString();
  return text === '' ? path : `${path}?${text}`;
}

async function readJson<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as T;
  let body: ErrorBody | undefined;
  try {
    body = (JSON.parse(text) as { readonly error?: ErrorBody }).error;
  } catch {
    // A proxy in between answered in its own words.
  }
  throw new ApiError(response.status, body);
}
