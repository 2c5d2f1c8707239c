import { z } from 'zod';

/** Options of every sink that writes line protocol; spread into its own schema. */
export const pointOptions = {
  gzip: z.boolean().default(true).describe('Compresses requests.').meta({ advanced: true }),
  verify_tls: z
    .boolean()
    .default(true)
    .describe('Refuses certificates that are not valid. Switch it off for tests only.')
    .meta({ advanced: true }),
  tags: z
    .record(z.string().min(1), z.string())
    .default({})
    .describe('Tags put on every record; they win over its own.')
    .meta({ example: { env: 'prod' } }),
} as const;

/** The address of a server, without path of the API, credentials or query. Its value is a URL that ends in `/`. */
export const baseUrlOption = z.string().transform((text, context): URL => {
  const fault = faultOf(text);
  if (fault === undefined) return asBase(new URL(text));
  context.addIssue({ code: 'custom', message: fault });
  return z.NEVER;
});

/** No message repeats the text: it may hold a token. */
function faultOf(text: string): string | undefined {
  if (!URL.canParse(text)) return 'This is no URL: write http://host:port.';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return 'The URL begins with http:// or https://.';
  if (url.username !== '' || url.password !== '') return 'User and password do not belong in the URL.';
  if (url.searchParams.has('token'))
    return 'The token does not belong in the URL: set `token`, which is kept secret.';
  if (url.search !== '' || url.hash !== '') return 'The URL is an address only: leave out ? and #.';
  if (/\/v1\/write(\/|$)/.test(url.pathname)) return 'Leave out /v1/write/…: the address is enough.';
  return undefined;
}

function asBase(url: URL): URL {
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
