import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** A number with its name under it; `tone` where it asks for a look. */
export function Figure({
  label,
  value,
  tone,
}: {
  readonly label: string;
  readonly value: ReactNode;
  readonly tone?: 'bad' | 'warning' | undefined;
}) {
  const color =
    tone === 'bad' ? 'var(--level-error)' : tone === 'warning' ? 'var(--level-warning)' : undefined;
  return (
    <Stack gap={1}>
      <Text fz="lg" fw={600} lh={1.2} c={color}>
        {value}
      </Text>
      <Text fz="xs" c="dimmed">
        {label}
      </Text>
    </Stack>
  );
}
