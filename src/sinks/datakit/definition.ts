import type { Definition } from '../../contracts/component.ts';
import type { Sink } from '../../contracts/sink.ts';
import { limitsOf } from '../../sink-kit/batch-options.ts';
import { httpTransport, transportSettings } from '../../sink-kit/http-transport.ts';
import { LineProtocolEncoder } from '../../sink-kit/line-protocol/line-protocol-encoder.ts';
import { LoggingSink } from '../../sink-kit/line-protocol/logging-sink.ts';
import { checkDatakit } from './check-datakit.ts';
import { datakitOutcome } from './datakit-outcome.ts';
import { type DatakitOptions, datakitOptions } from './options.ts';

export const datakit: Definition<Sink, DatakitOptions> = {
  type: 'datakit',
  title: 'DataKit',
  description: 'Writes logs to a DataKit, which passes them on to its workspace.',
  options: datakitOptions,
  create: (options, { clock, logger }) => {
    const limits = limitsOf(options);
    const transport = httpTransport(transportSettings(limits, options.verify_tls));
    return new LoggingSink({
      limits,
      encoder: new LineProtocolEncoder({ extraTags: options.tags }),
      transport,
      logger,
      url: writeUrl(options),
      gzip: options.gzip,
      judge: (reply) => datakitOutcome(reply, clock.now()),
      check: (signal) => checkDatakit(transport, options.url, clock.now(), signal),
    });
  },
};

function writeUrl({ url, global_host_tags }: DatakitOptions): URL {
  const write = new URL('v1/write/logging?precision=n', url);
  // Its presence alone counts, whatever its value.
  if (!global_host_tags) write.searchParams.set('ignore_global_host_tags', '1');
  return write;
}
