import { Anchor, Card, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStatus } from '../../api-client/status.ts';
import { Failure } from '../../ui/failure.tsx';
import { Page } from '../../ui/page.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { BudgetTable } from './budget-table.tsx';
import { SpoolUse } from './spool-use.tsx';
import { StoreTable } from './store-table.tsx';

/** What this server is, what it keeps on disk, and how much of AWS's quota it may use. */
export function SettingsPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refetch } = useStatus();
  return (
    <Page title={t('settings.title')}>
      <Stack gap="md">
        {error !== null && <Failure error={error} retry={() => void refetch()} />}
        <Card withBorder padding="md" component="section">
          <Title order={2} mb="xs">
            {t('settings.server')}
          </Title>
          {data !== undefined && (
            <Text size="sm">
              Logferry {data.version} · {t('settings.since', { time: format.time(data.startedAtMillis) })}
            </Text>
          )}
          <Text size="sm" c="dimmed" mt={4}>
            {t('settings.byFile')}
          </Text>
          <Text size="sm" mt={4}>
            <Anchor href="/metrics">/metrics</Anchor> · <Anchor href="/openapi.json">/openapi.json</Anchor>
          </Text>
        </Card>
        <Card withBorder padding="md" component="section">
          <Title order={2} mb="xs">
            {t('settings.stores')}
          </Title>
          <StoreTable />
        </Card>
        {data !== undefined && (
          <Card withBorder padding="md" component="section">
            <Title order={2} mb="xs">
              {t('settings.spool')}
            </Title>
            <SpoolUse spool={data.spool} />
          </Card>
        )}
        {data !== undefined && data.budgets.length > 0 && (
          <Card withBorder padding="md" component="section">
            <Title order={2} mb="xs">
              {t('settings.budgets')}
            </Title>
            <BudgetTable budgets={data.budgets} />
          </Card>
        )}
      </Stack>
    </Page>
  );
}
