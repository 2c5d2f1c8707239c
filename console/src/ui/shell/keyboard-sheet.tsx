import { Kbd, Modal, Table } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const KEYS = [
  ['/', 'search'],
  ['d', 'time'],
  ['j', 'down'],
  ['k', 'up'],
  ['Enter', 'open'],
  ['Esc', 'close'],
  ['e', 'nextError'],
  ['E', 'previousError'],
  ['Ctrl K', 'palette'],
  ['?', 'sheet'],
] as const;

export function KeyboardSheet({ opened, close }: { readonly opened: boolean; readonly close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('shell.keys.title')}
      closeButtonProps={{ 'aria-label': t('shell.close') }}
    >
      <Table withRowBorders={false} verticalSpacing={4} fz="sm">
        <Table.Tbody>
          {KEYS.map(([key, name]) => (
            <Table.Tr key={key}>
              <Table.Td w={90}>
                <Kbd>{key}</Kbd>
              </Table.Td>
              <Table.Td>{t(`shell.keys.${name}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
