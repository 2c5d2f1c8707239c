import { Anchor, Stack, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Stack align="center" py={96} gap="sm">
      <Title order={1}>{t('shell.notFound.title')}</Title>
      <Anchor renderRoot={(props) => <Link to="/logs" {...props} />}>{t('shell.notFound.back')}</Anchor>
    </Stack>
  );
}
