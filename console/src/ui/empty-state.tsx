import { Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** Nothing to show, why, and what would change that. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <Stack align="center" gap={6} py={72} px="md">
      <Title order={2}>{title}</Title>
      <Text component="div" c="dimmed" ta="center" maw={560}>
        {children}
      </Text>
    </Stack>
  );
}
