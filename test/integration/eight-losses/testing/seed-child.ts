/**
 * A run of the seed's script in a process of its own, as the platform starts it. Arguments: the options as JSON, the
 * path of the cache, and `killed` to die by SIGKILL after the first push, when the cursor is about to be set.
 */
import { type CollectOnceOptions, collectOnce } from '../../../seed-way/collect-once.ts';
import { fileCache } from '../../../seed-way/function-cache.ts';

const [options = '', cachePath = '', fate = ''] = process.argv.slice(2);
const cache = fileCache(cachePath);
await collectOnce({
  ...(JSON.parse(options) as CollectOnceOptions),
  cache: {
    get: (scope, key) => cache.get(scope, key),
    set: (scope, key, value) => {
      if (fate === 'killed') process.kill(process.pid, 'SIGKILL');
      cache.set(scope, key, value);
    },
  },
});
