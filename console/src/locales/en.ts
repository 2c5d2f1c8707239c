import { destinations } from './en/destinations.ts';
import { logs } from './en/logs.ts';
import { runs } from './en/runs.ts';
import { settings } from './en/settings.ts';
import { shell } from './en/shell.ts';
import { sources } from './en/sources.ts';

/** Every text of the console, a file a page. Other languages have the same keys: their type is made of this. */
export const en = { shell, logs, sources, destinations, runs, settings };

type Same<T> = { readonly [K in keyof T]: T[K] extends string ? string : Same<T[K]> };
export type Texts = Same<typeof en>;
