import { Button, SegmentedControl, Skeleton, Stack, Text, UnstyledButton } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContextScope } from '../../../../../src/contracts/log-search.ts';
import type { LogLine } from '../../../api-client/logs.ts';
import { useContext } from '../../../api-client/logs.ts';
import { Failure } from '../../../ui/failure.tsx';
import { recordKey } from '../list/record-key.ts';
import { MessageLine } from '../message/message-line.tsx';
import classes from './record-drawer.module.css';

const FIRST_LINES = 15;
const MORE_LINES = 50;

interface ContextLinesProps {
  readonly stored: LogLine;
  readonly store: string | undefined;
  readonly open: (stored: LogLine) => void;
  readonly formatMillis: (millis: number) => string;
}

/** What the same stream wrote before and after, or the whole task, whatever the query leaves out. */
export function ContextLines({ stored, store, open, formatMillis }: ContextLinesProps) {
  const { t } = useTranslation();
  const [scope, setScope] = useState<ContextScope>('stream');
  const [before, setBefore] = useState(FIRST_LINES);
  const [after, setAfter] = useState(FIRST_LINES);
  const { data, error, refetch } = useContext(stored, { scope, before, after, store });
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs"
        aria-label={t('logs.context.scope')}
        value={scope}
        onChange={(value) => setScope(value as ContextScope)}
        data={[
          { value: 'stream', label: t('logs.context.stream') },
          { value: 'task', label: t('logs.context.task') },
        ]}
      />
      {error !== null && <Failure error={error} retry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton h={200} />}
      {data?.hasMoreBefore === true && (
        <Button variant="subtle" onClick={() => setBefore(before + MORE_LINES)}>
          {t('logs.context.more', { count: MORE_LINES })}
        </Button>
      )}
      {data !== undefined && (
        <div>
          {data.before.map((one) => (
            <Line key={recordKey(one)} {...{ stored: one, open, formatMillis }} />
          ))}
          <Line isHere {...{ stored: data.record, open, formatMillis }} />
          {data.after.map((one) => (
            <Line key={recordKey(one)} {...{ stored: one, open, formatMillis }} />
          ))}
        </div>
      )}
      {data?.hasMoreAfter === true && (
        <Button variant="subtle" onClick={() => setAfter(after + MORE_LINES)}>
          {t('logs.context.more', { count: MORE_LINES })}
        </Button>
      )}
      {data?.hasMoreAfter === false && (
        <Text size="xs" c="dimmed" ta="center">
          {t('logs.context.end')}
        </Text>
      )}
    </Stack>
  );
}

function Line({
  stored,
  isHere = false,
  open,
  formatMillis,
}: {
  readonly stored: LogLine;
  readonly isHere?: boolean;
  readonly open: (stored: LogLine) => void;
  readonly formatMillis: (millis: number) => string;
}) {
  const line = useRef<HTMLButtonElement>(null);
  // Once: what is loaded above it must not take it out of sight again while somebody reads.
  useEffect(() => {
    if (isHere) line.current?.scrollIntoView({ block: 'center' });
  }, [isHere]);
  return (
    <UnstyledButton
      ref={line}
      className={classes['line']}
      data-here={isHere}
      aria-current={isHere ? 'true' : undefined}
      onClick={() => open(stored)}
    >
      <time className={classes['lineTime']}>{formatMillis(stored.timestampMillis)}</time>
      <span className={classes['lineText']}>
        <MessageLine message={stored.message} marks={[]} />
      </span>
    </UnstyledButton>
  );
}
