import { Button, Group, Popover, SegmentedControl, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { IconClock } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDuration, parseDuration } from '../../../../../src/foundation/duration.ts';
import {
  absolute,
  type Instants,
  parseTimeRange,
  RELATIVE_CHOICES,
  type TimeRange,
  type Zone,
} from './time-range.ts';

interface TimePickerProps {
  readonly range: TimeRange;
  readonly zone: Zone;
  /** What is shown now. */
  readonly shown: Instants;
  readonly formatMillis: (millis: number) => string;
  readonly choose: (range: TimeRange) => void;
  readonly chooseZone: (zone: Zone) => void;
  readonly opened: boolean;
  readonly setOpened: (opened: boolean) => void;
}

/** Relative, absolute, or typed; in the zone of this machine or in UTC. */
export function TimePicker(props: TimePickerProps) {
  const { range, zone, shown, formatMillis, choose, opened, setOpened } = props;
  const { t } = useTranslation();
  const label =
    range.kind === 'relative'
      ? t('logs.time.last', { length: formatDuration(range.lengthMillis) })
      : `${formatMillis(shown.fromMillis)} – ${formatMillis(shown.toMillis)}`;
  const pick = (next: TimeRange) => {
    setOpened(false);
    choose(next);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={360} trapFocus withArrow>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconClock size={14} aria-hidden />}
          onClick={() => setOpened(!opened)}
          aria-label={`${t('logs.time.title')}: ${label}`}
        >
          {label}
          {zone === 'utc' && ' UTC'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <TimeChoices {...props} pick={pick} />
      </Popover.Dropdown>
    </Popover>
  );
}

function TimeChoices({
  zone,
  shown,
  chooseZone,
  pick,
}: TimePickerProps & { readonly pick: (range: TimeRange) => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <TypedRange zone={zone} pick={pick} />
      <SimpleGrid cols={4} spacing={6}>
        {RELATIVE_CHOICES.map((choice) => (
          <Button
            key={choice}
            size="compact-xs"
            variant="light"
            onClick={() => pick({ kind: 'relative', lengthMillis: parseDuration(choice) ?? 0 })}
          >
            {choice}
          </Button>
        ))}
      </SimpleGrid>
      {/* The calendar is that of this machine's zone; in UTC times are typed. */}
      {zone === 'local' && <Between shown={shown} pick={pick} />}
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          {zone === 'utc' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={t('logs.time.zone')}
          value={zone}
          onChange={(value) => chooseZone(value as Zone)}
          data={[
            { value: 'local', label: t('logs.time.local') },
            { value: 'utc', label: 'UTC' },
          ]}
        />
      </Group>
    </Stack>
  );
}

function TypedRange({ zone, pick }: { readonly zone: Zone; readonly pick: (range: TimeRange) => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    const range = parseTimeRange(typed, Date.now(), zone);
    if (range === undefined) setIsWrong(true);
    else pick(range);
  };
  return (
    <TextInput
      data-autofocus
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        setIsWrong(false);
      }}
      onKeyDown={onKeyDown}
      label={t('logs.time.typed')}
      placeholder="2h30m · 13:10-13:40 · 2026-11-24 08:00"
      error={isWrong ? t('logs.time.wrong') : undefined}
    />
  );
}

function Between({ shown, pick }: { readonly shown: Instants; readonly pick: (range: TimeRange) => void }) {
  const { t } = useTranslation();
  const [from, setFrom] = useState<string | null>(localText(shown.fromMillis));
  const [to, setTo] = useState<string | null>(localText(shown.toMillis));
  const fromMillis = Date.parse(from ?? '');
  const toMillis = Date.parse(to ?? '');
  return (
    <Group gap={6} align="flex-end" wrap="nowrap">
      <DateTimePicker
        size="xs"
        withSeconds
        flex={1}
        label={t('logs.time.from')}
        value={from}
        onChange={setFrom}
      />
      <DateTimePicker size="xs" withSeconds flex={1} label={t('logs.time.to')} value={to} onChange={setTo} />
      <Button disabled={!(fromMillis <= toMillis)} onClick={() => pick(absolute({ fromMillis, toMillis }))}>
        {t('logs.time.apply')}
      </Button>
    </Group>
  );
}

/** `2026-11-24 13:10:00` of this machine's zone, as the calendar wants it. */
function localText(millis: number): string {
  const date = new Date(millis - new Date(millis).getTimezoneOffset() * 60_000);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}
