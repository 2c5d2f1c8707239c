import { styleText } from 'node:util';
import type { CliContext } from '../cli-context.ts';

export type Style = Parameters<typeof styleText>[0];
export type Paint = (style: Style, text: string) => string;

/** Colours text where colours are wanted. */
export function painter(cli: CliContext): Paint {
  return (style, text) => (cli.options.color ? styleText(style, text, { validateStream: false }) : text);
}

/** Control characters that could drive a terminal; line breaks and tabs stay. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-_]/g;

/** Text of others, safe for a terminal: their colours are taken out, other control characters shown as U+FFFD. */
export function safeText(text: string): string {
  return text.replaceAll(ANSI, '').replaceAll('\r\n', '\n').replaceAll(CONTROL, '\ufffd');
}
