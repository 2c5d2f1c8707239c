import { Alert, Button, Drawer, Group, Progress, Skeleton, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Run, useCancelRun, useRun, useStartRun } from '../../api-client/runs.ts';
import { Failure } from '../../ui/failure.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { RunStateBadge } from './run-state-badge.tsx';
import { RunSteps } from './run-steps.tsx';

export function RunDrawer({ id, close }: { readonly id: string | undefined; readonly close: () => void }) {
  const { t } = useTranslation();
  const { data, error } = useRun(id);
  return (
    <Drawer
      opened={id !== undefined}
      onClose={close}
      position="right"
      size="lg"
      title={t('runs.one', { id })}
      closeButtonProps={{ 'aria-label': t('runs.close') }}
    >
      {error !== null && <Failure error={error} />}
      {data === undefined && error === null && <Skeleton h={200} />}
      {data !== undefined && <RunDetails run={data} />}
    </Drawer>
  );
}

function RunDetails({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state, source, kind, fromMillis, toMillis, progress, error, errorCode } = run;
  return (
    <Stack gap="md">
      <Group justify="space-between">
        <Group gap="xs">
          <RunStateBadge state={state} />
          <Text size="sm">
            {t(`runs.kinds.${kind}`)} · {source}
          </Text>
        </Group>
        <RunActions run={run} />
      </Group>
      {fromMillis !== undefined && toMillis !== undefined && (
        <Text size="sm" c="dimmed">
          {t('runs.range', { from: format.time(fromMillis), to: format.time(toMillis) })}
        </Text>
      )}
      {state === 'running' && progress !== undefined && (
        <Progress value={progress * 100} aria-label={t('runs.progress')} />
      )}
      {error !== undefined && (
        <Alert color={state === 'cancelled' ? 'gray' : 'red'} title={errorCode}>
          {error}
        </Alert>
      )}
      <RunSteps counts={run.counts} />
    </Stack>
  );
}

function RunActions({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const cancel = useCancelRun();
  const start = useStartRun();
  const { id, state, kind, source, fromMillis, toMillis } = run;
  if (state === 'running' || state === 'queued')
    return (
      <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate(id)}>
        {t('runs.cancel')}
      </Button>
    );
  const range = fromMillis !== undefined && toMillis !== undefined && { fromMillis, toMillis };
  const isResumable = kind === 'backfill' && state !== 'succeeded';
  return (
    <Group gap="xs">
      {start.error !== null && (
        <Text size="xs" c="red">
          {start.error.message}
        </Text>
      )}
      <Button
        variant="light"
        loading={start.isPending}
        onClick={() => start.mutate({ kind, source, ...range, ...(isResumable && { resumes: id }) })}
      >
        {t(isResumable ? 'runs.resume' : 'runs.again')}
      </Button>
    </Group>
  );
}
