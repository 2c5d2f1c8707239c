import { Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Status } from '../../api-client/status.ts';
import { useFormat } from '../../ui/use-format.ts';

/** How fast AWS may be asked, for each account, Region and API. */
export function BudgetTable({ budgets }: { readonly budgets: Status['budgets'] }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const rate = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  return (
    <Table fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('settings.api')}</Table.Th>
          <Table.Th>{t('settings.account')}</Table.Th>
          <Table.Th ta="right">{t('settings.perSecond')}</Table.Th>
          <Table.Th ta="right">{t('settings.waiting')}</Table.Th>
          <Table.Th ta="right">{t('settings.throttled')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {budgets.map(({ account, region, api, requestsPerSecond, ceilingPerSecond, waiting, throttled }) => (
          <Table.Tr key={`${account} ${region} ${api}`}>
            <Table.Td>{api}</Table.Td>
            <Table.Td>
              {account} · {region}
            </Table.Td>
            <Table.Td ta="right">
              {rate.format(requestsPerSecond)} / {rate.format(ceilingPerSecond)}
            </Table.Td>
            <Table.Td ta="right">
              {format.count(Object.values(waiting).reduce((sum, requests) => sum + requests, 0))}
            </Table.Td>
            <Table.Td ta="right">{format.count(throttled)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
