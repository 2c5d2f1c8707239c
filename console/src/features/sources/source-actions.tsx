import { Button, Group, Modal, Stack, Switch, Text } from '@mantine/core';
import { DateTimePicker } from '@mantine/dates';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { StartRun } from '../../../../src/api/api-backend.ts';
import type { SourceStatus } from '../../../../src/pipeline/source-runner.ts';
import { useStartRun } from '../../api-client/runs.ts';

const DAY_MILLIS = 86_400_000;

/** Collect now, and backfill; both lead to the run that they start. */
export function SourceActions({ source }: { readonly source: SourceStatus }) {
  const { t } = useTranslation();
  const [isOpen, dialog] = useDisclosure();
  const navigate = useNavigate();
  const start = useStartRun();
  const run = (request: StartRun) =>
    start.mutate(request, {
      onSuccess: ({ id }) => void navigate({ to: '/runs', search: { source: source.id, run: id } }),
    });
  return (
    <Group gap="xs">
      {start.error !== null && (
        <Text size="xs" c="var(--level-error)">
          {start.error.message}
        </Text>
      )}
      <Button variant="default" onClick={dialog.open}>
        {t('sources.backfill')}
      </Button>
      <Button loading={start.isPending} onClick={() => run({ kind: 'collect', source: source.id })}>
        {t('sources.collectNow')}
      </Button>
      <Modal opened={isOpen} onClose={dialog.close} title={t('sources.backfillOf', { source: source.id })}>
        <BackfillForm source={source.id} start={run} />
      </Modal>
    </Group>
  );
}

function BackfillForm({
  source,
  start,
}: {
  readonly source: string;
  readonly start: (request: StartRun) => void;
}) {
  const { t } = useTranslation();
  const [from, setFrom] = useState<string | null>(new Date(Date.now() - DAY_MILLIS).toISOString());
  const [to, setTo] = useState<string | null>(new Date().toISOString());
  const [again, setAgain] = useState(false);
  const fromMillis = from === null ? Number.NaN : Date.parse(from);
  const toMillis = to === null ? Number.NaN : Date.parse(to);
  const isRange = fromMillis <= toMillis;
  return (
    <Stack gap="sm">
      <DateTimePicker label={t('sources.from')} value={from} onChange={setFrom} size="xs" withSeconds />
      <DateTimePicker label={t('sources.to')} value={to} onChange={setTo} size="xs" withSeconds />
      <Switch
        label={t('sources.again')}
        description={t('sources.againMeaning')}
        checked={again}
        onChange={(event) => setAgain(event.currentTarget.checked)}
      />
      <Text size="xs" c="dimmed">
        {t('sources.backfillNote')}
      </Text>
      <Button
        disabled={!isRange}
        onClick={() => start({ kind: 'backfill', source, fromMillis, toMillis, again })}
      >
        {t('sources.backfillStart')}
      </Button>
    </Stack>
  );
}
