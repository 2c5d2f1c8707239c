import { createCliContext } from './create-cli-context.ts';
import { createProgram } from './create-program.ts';
import { endWithError } from './end-with-error.ts';

const cli = createCliContext();
try {
  await createProgram(cli).parseAsync(process.argv);
  // A command that started nothing lasting ends by itself; connections that are kept alive must not hold it up.
  process.exitCode ??= 0;
  await flush();
  process.exit();
} catch (thrown) {
  endWithError(thrown, cli);
  await flush();
  process.exit();
}

/** Pipes are written asynchronously: what was said last must get out before the process ends. */
async function flush(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) =>
        new Promise<void>((resolve) => {
          if (stream.destroyed || !stream.writable) resolve();
          else stream.write('', () => resolve());
        }),
    ),
  );
}
