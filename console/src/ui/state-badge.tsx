import { Badge } from '@mantine/core';

export type Tone = 'good' | 'busy' | 'warning' | 'bad' | 'quiet';

const COLORS: Readonly<Record<Tone, string>> = {
  good: 'teal',
  busy: 'ferry',
  warning: 'yellow',
  bad: 'red',
  quiet: 'gray',
};

/** A state as a word in a colour: never the colour alone. */
export function StateBadge({ tone, text }: { readonly tone: Tone; readonly text: string }) {
  return (
    <Badge
      color={COLORS[tone]}
      // Mantine's own is too pale on its background.
      c={`light-dark(var(--mantine-color-${COLORS[tone]}-9), var(--mantine-color-${COLORS[tone]}-2))`}
      variant="light"
      radius="sm"
      tt="none"
      fw={600}
    >
      {text}
    </Badge>
  );
}
