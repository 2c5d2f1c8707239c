import type { StoredRecord } from '../../contracts/log-search.ts';
import { ndjsonLine } from '../../sink-kit/ndjson.ts';

export type ExportFormat = 'csv' | 'ndjson' | 'txt';

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
};

const TAG_COLUMNS = [
  'aws_ecs_cluster_name',
  'service',
  'container_name',
  'task_id',
  'log_group',
  'log_stream',
];
const COLUMNS =
  'time,level,source,cluster,service,container,task,log_group,stream,message,tags,fields,event_id';
/** Excel takes a file without it for one of the machine's own character set. */
const BYTE_ORDER_MARK = '\ufeff';

/** What stands before the first record. */
export function exportHead(format: ExportFormat): string {
  return format === 'csv' ? `${BYTE_ORDER_MARK}${COLUMNS}\r\n` : '';
}

export function exportLine(format: ExportFormat, { record }: StoredRecord): string {
  switch (format) {
    case 'ndjson':
      return ndjsonLine(record);
    case 'csv':
      return csvLine(record);
    case 'txt': {
      const { timestampMillis, level = '', message, origin } = record;
      const { service, container_name, task_id, log_stream } = origin.tags;
      const from = [service ?? container_name ?? origin.source, task_id ?? log_stream]
        .filter(Boolean)
        .join('/');
      return `${isoTime(timestampMillis)} ${level.padEnd(8)} ${from} ${message.trimEnd()}\n`;
    }
  }
}

function csvLine({ timestampMillis, level, origin, message, fields, id }: StoredRecord['record']): string {
  const cells = [
    isoTime(timestampMillis),
    level ?? '',
    origin.source,
    ...TAG_COLUMNS.map((tag) => origin.tags[tag] ?? ''),
    message,
    JSON.stringify(origin.tags),
    fields === undefined ? '' : JSON.stringify(fields),
    id,
  ];
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/** A cell that a spreadsheet would take for a formula gets an apostrophe in front, which it does not show. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function isoTime(millis: number): string {
  const date = new Date(millis);
  return Number.isNaN(date.getTime()) ? String(millis) : date.toISOString();
}
