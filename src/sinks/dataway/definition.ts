import type { Definition } from '../../contracts/component.ts';
import type { Sink } from '../../contracts/sink.ts';
import { limitsOf } from '../../sink-kit/batch-options.ts';
import { httpTransport, transportSettings } from '../../sink-kit/http-transport.ts';
import { LineProtocolEncoder } from '../../sink-kit/line-protocol/line-protocol-encoder.ts';
import { LoggingSink } from '../../sink-kit/line-protocol/logging-sink.ts';
import { checkDataway } from './check-dataway.ts';
import { datawayOutcome } from './dataway-outcome.ts';
import { type DatawayOptions, datawayOptions } from './options.ts';

export const dataway: Definition<Sink, DatawayOptions> = {
  type: 'dataway',
  title: 'Dataway',
  description: 'Writes logs straight to the backend through a Dataway, without a DataKit.',
  options: datawayOptions,
  create: (options, { clock, logger }) => {
    const limits = limitsOf(options);
    const write = writeUrl(options);
    const transport = httpTransport(transportSettings(limits, options.verify_tls));
    return new LoggingSink({
      limits,
      encoder: new LineProtocolEncoder({ extraTags: options.tags }),
      transport,
      logger,
      url: write,
      gzip: options.gzip,
      judge: (reply) => datawayOutcome(reply, clock.now()),
      check: (signal) => checkDataway(transport, { base: options.url, write }, options.token, signal),
    });
  },
};

/** Holds the token: never to be logged. */
function writeUrl({ url, token }: DatawayOptions): URL {
  const write = new URL('v1/write/logging?precision=n', url);
  write.searchParams.set('token', token);
  return write;
}
