import type { Texts } from './en.ts';
import { destinations } from './zh-cn/destinations.ts';
import { logs } from './zh-cn/logs.ts';
import { runs } from './zh-cn/runs.ts';
import { settings } from './zh-cn/settings.ts';
import { shell } from './zh-cn/shell.ts';
import { sources } from './zh-cn/sources.ts';

export const zhCn: Texts = { shell, logs, sources, destinations, runs, settings };
