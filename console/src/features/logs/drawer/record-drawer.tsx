import { ActionIcon, CopyButton, Group, Tabs, Text, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconLink, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { LogLine } from '../../../api-client/logs.ts';
import { colorOf, toneOf } from '../level-tone.ts';
import { prettyJson } from '../message/message-summary.ts';
import { MessageText } from '../message/message-text.tsx';
import { whoOf } from '../record-values.ts';
import { ContextLines } from './context-lines.tsx';
import { FieldTable } from './field-table.tsx';
import classes from './record-drawer.module.css';

interface RecordDrawerProps {
  readonly stored: LogLine;
  readonly query: string;
  readonly marks: readonly string[];
  readonly columns: readonly string[];
  readonly store: string | undefined;
  readonly changeQuery: (query: string) => void;
  readonly changeColumns: (columns: readonly string[]) => void;
  readonly open: (stored: LogLine) => void;
  readonly permalink: string;
  readonly formatMillis: (millis: number) => string;
  readonly close: () => void;
}

/** One record: its fields, its message in full, and what stands around it. The list beside it stays in sight. */
export function RecordDrawer(props: RecordDrawerProps) {
  const { stored: record, marks, store, open, permalink, formatMillis, close } = props;
  const { t } = useTranslation();
  const json = prettyJson(record.message);
  return (
    <aside className={classes['drawer']} aria-label={t('logs.record')}>
      <Group justify="space-between" wrap="nowrap" className={classes['head']}>
        <Text size="sm" fw={600} truncate>
          <span style={{ color: colorOf(toneOf(record.level)) }}>{record.level ?? '–'}</span>
          {` · ${whoOf(record)} · ${formatMillis(record.timestampMillis)}`}
        </Text>
        <Group gap={4} wrap="nowrap">
          <CopyAction value={permalink} label={t('logs.copyLink')} Icon={IconLink} />
          <CopyAction value={record.message} label={t('logs.copyMessage')} Icon={IconCopy} />
          <ActionIcon variant="subtle" color="gray" onClick={close} aria-label={t('shell.close')}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      </Group>
      <Tabs defaultValue="fields" keepMounted={false} className={classes['tabs']}>
        <Tabs.List>
          <Tabs.Tab value="fields">{t('logs.tabs.fields')}</Tabs.Tab>
          {json !== undefined && <Tabs.Tab value="json">JSON</Tabs.Tab>}
          <Tabs.Tab value="raw">{t('logs.tabs.raw')}</Tabs.Tab>
          <Tabs.Tab value="context">{t('logs.tabs.context')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="fields" className={classes['panel']}>
          <pre className={classes['message']}>
            <MessageText text={record.message} marks={marks} />
          </pre>
          <FieldTable {...props} />
        </Tabs.Panel>
        {json !== undefined && (
          <Tabs.Panel value="json" className={classes['panel']}>
            <pre className={classes['message']}>{json}</pre>
          </Tabs.Panel>
        )}
        <Tabs.Panel value="raw" className={classes['panel']}>
          <pre className={classes['message']}>{visible(record.message)}</pre>
        </Tabs.Panel>
        <Tabs.Panel value="context" className={classes['panel']}>
          <ContextLines {...{ stored: record, store, open, formatMillis }} />
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}

function CopyAction({
  value,
  label,
  Icon,
}: {
  readonly value: string;
  readonly label: string;
  readonly Icon: typeof IconCopy;
}) {
  const { t } = useTranslation();
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('logs.copied') : label}>
          <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={label}>
            {copied ? <IconCheck size={16} aria-hidden /> : <Icon size={16} aria-hidden />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}

/** Control characters as pictures of themselves: raw is what came, and can be seen. */
function visible(message: string): string {
  return message.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, (character) =>
    character === '\u007f' ? '\u2421' : String.fromCodePoint(0x2400 + character.charCodeAt(0)),
  );
}
