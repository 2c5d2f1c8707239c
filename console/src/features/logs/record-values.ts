import type { FieldValue } from '../../../../src/record/log-record.ts';
import type { LogLine } from '../../api-client/logs.ts';

export interface RecordField {
  readonly name: string;
  readonly value: string;
}

/** Who wrote it, in few letters: service and the beginning of the task; without these the stream. */
export function whoOf({ source, tags }: LogLine): string {
  const { service, task_id: task, host, container_name: container, log_stream: stream } = tags;
  const name = service ?? container;
  const short = (task ?? host)?.slice(0, 6);
  if (name !== undefined) return short === undefined ? name : `${name}/${short}`;
  return stream ?? source;
}

/** Of a tag, a field, or what every record has. */
export function valueOf(record: LogLine, name: string): string | undefined {
  if (name === 'level') return record.level;
  if (name === 'source') return record.source;
  if (name === 'event_id') return record.id;
  const value: FieldValue | undefined = record.tags[name] ?? record.fields?.[name];
  return value === undefined ? undefined : String(value);
}

/** Everything that is known of a record but its message, by name. */
export function fieldsOf(record: LogLine): readonly RecordField[] {
  const { source, tags, fields = {}, level, id } = record;
  const all: Record<string, FieldValue | undefined> = {
    source,
    level,
    ...tags,
    ...fields,
    event_id: id,
  };
  return Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ({ name, value: String(value) }));
}
