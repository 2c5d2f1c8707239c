import { Alert, Card, Group, SimpleGrid, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { DestinationStatus } from '../../../../src/pipeline/pipeline.ts';
import { Figure } from '../../ui/figure.tsx';
import { StateBadge, type Tone } from '../../ui/state-badge.tsx';
import { useFormat } from '../../ui/use-format.ts';

const TONES: Readonly<Record<DestinationStatus['state']['kind'], Tone>> = {
  starting: 'busy',
  idle: 'good',
  delivering: 'good',
  retrying: 'warning',
  failed: 'bad',
  stopping: 'quiet',
  stopped: 'quiet',
};

export function DestinationCard({ destination }: { readonly destination: DestinationStatus }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { id, state, delivered, waiting, lastDeliveredAtMillis, lastError } = destination;
  const isDown = state.kind === 'retrying' || state.kind === 'failed';
  return (
    <Card withBorder padding="md" component="section" aria-label={id}>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{id}</Title>
        <StateBadge tone={TONES[state.kind]} text={t(`destinations.states.${state.kind}`)} />
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Figure label={t('destinations.delivered')} value={format.count(delivered)} />
        <Figure
          label={t('destinations.waiting')}
          value={format.count(waiting.waitingRecords)}
          tone={isDown && waiting.waitingRecords > 0 ? 'warning' : undefined}
        />
        <Figure
          label={t('destinations.oldest')}
          value={
            waiting.oldestMillis === undefined ? '–' : format.duration(Date.now() - waiting.oldestMillis)
          }
          tone={isDown ? 'warning' : undefined}
        />
        <Figure
          label={t('destinations.deadLetters')}
          value={format.count(waiting.deadLetters)}
          tone={waiting.deadLetters > 0 ? 'bad' : undefined}
        />
      </SimpleGrid>
      {isDown && lastError !== undefined && (
        <Alert color={state.kind === 'failed' ? 'red' : 'yellow'} mt="md" title={lastError.detail}>
          <Text size="sm">{lastError.fix}</Text>
        </Alert>
      )}
      <Text size="xs" c="dimmed" mt="sm">
        {lastDeliveredAtMillis === undefined
          ? t('destinations.nothingYet')
          : t('destinations.lastDelivered', { ago: format.ago(lastDeliveredAtMillis) })}
      </Text>
    </Card>
  );
}
