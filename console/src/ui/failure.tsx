import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api-client/http.ts';

/** An error is never shown as "empty": what went wrong, and what to do. */
export function Failure({ error, retry }: { readonly error: Error; readonly retry?: () => void }) {
  const { t } = useTranslation();
  const hint = error instanceof ApiError ? error.hint : undefined;
  return (
    <Alert
      color="red"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={t('shell.failed.title')}
      m="md"
    >
      <Text size="sm">{error.message}</Text>
      {hint !== undefined && (
        <Text size="sm" mt={4}>
          <b>{t('shell.failed.next')}</b> {hint}
        </Text>
      )}
      {retry !== undefined && (
        <Button mt="sm" color="red" variant="light" onClick={retry}>
          {t('shell.failed.retry')}
        </Button>
      )}
    </Alert>
  );
}
