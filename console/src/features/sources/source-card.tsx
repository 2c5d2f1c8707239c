import { Alert, Anchor, Card, Group, SimpleGrid, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { SourceStatus } from '../../../../src/pipeline/source-runner.ts';
import { Figure } from '../../ui/figure.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { SourceStateBadge } from './source-state-badge.tsx';

interface SourceCardProps {
  readonly source: SourceStatus;
  /** Of the last hour, oldest first. */
  readonly perMinute: readonly number[];
}

export function SourceCard({ source, perMinute }: SourceCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { id, lagMillis, partitions } = source;
  const problem = source.error ?? partitions.find(({ error }) => error !== undefined)?.error;
  // The minute that is going on is not whole yet.
  const lastMinute = perMinute.at(-2);
  return (
    <Card withBorder padding="md" component="section" aria-label={id}>
      <Group justify="space-between" mb="sm">
        <Title order={2}>
          <Anchor inherit renderRoot={(props) => <Link to="/sources/$id" params={{ id }} {...props} />}>
            {id}
          </Anchor>
        </Title>
        <SourceStateBadge state={source.state} />
      </Group>
      <SimpleGrid cols={3} spacing="sm">
        <Figure
          label={t('sources.perMinute')}
          value={lastMinute === undefined ? '–' : format.count(lastMinute)}
        />
        <Figure
          label={t('sources.lag')}
          value={lagMillis === undefined ? '–' : format.duration(lagMillis)}
          tone={lagMillis !== undefined && lagMillis > 120_000 ? 'warning' : undefined}
        />
        <Figure label={t('sources.groups')} value={format.count(partitions.length)} />
      </SimpleGrid>
      <Sparkline values={perMinute} label={t('sources.lastHour')} />
      {problem !== undefined && (
        <Alert color={source.state === 'blocked' ? 'red' : 'yellow'} mt="sm" title={problem.message}>
          {problem.hint !== undefined && <Text size="sm">{problem.hint}</Text>}
        </Alert>
      )}
    </Card>
  );
}
