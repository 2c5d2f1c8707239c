import { Box, Group, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface PageProps {
  readonly title: string;
  /** Buttons beside the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of a page that is read from top to bottom; the log page has one of its own. */
export function Page({ title, actions, children }: PageProps) {
  return (
    <Box p="md" maw={1280} mx="auto">
      <Group justify="space-between" mb="md">
        <Title order={1}>{title}</Title>
        {actions}
      </Group>
      {children}
    </Box>
  );
}
