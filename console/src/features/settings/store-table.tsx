import { Skeleton, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useStores } from '../../api-client/stores.ts';
import { Failure } from '../../ui/failure.tsx';
import { useFormat } from '../../ui/use-format.ts';

export function StoreTable() {
  const { t } = useTranslation();
  const format = useFormat();
  const { data, error, refetch } = useStores();
  if (error !== null) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Skeleton h={60} />;
  if (data.length === 0) return <Text size="sm">{t('settings.noStore')}</Text>;
  return (
    <Table fz="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('settings.store')}</Table.Th>
          <Table.Th ta="right">{t('settings.records')}</Table.Th>
          <Table.Th ta="right">{t('settings.onDisk')}</Table.Th>
          <Table.Th ta="right">{t('settings.oldest')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {data.map(({ id, records, bytesOnDisk, oldestMillis }) => (
          <Table.Tr key={id}>
            <Table.Td>{id}</Table.Td>
            <Table.Td ta="right">{format.count(records)}</Table.Td>
            <Table.Td ta="right">{format.bytes(bytesOnDisk)}</Table.Td>
            <Table.Td ta="right">{oldestMillis === undefined ? '–' : format.time(oldestMillis)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
