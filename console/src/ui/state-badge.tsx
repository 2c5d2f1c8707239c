import { Badge } from '@mantine/core';

export type Tone = 'good' | 'busy' | 'warning' | 'bad' | 'quiet';

const COLORS: Readonly<Record<Tone, string>> = {
  good: 'teal',
  busy: 'ferry',
  warning: 'yellow',
  bad: 'red',
  quiet: 'gray',
};

/** Of the word, in the light theme: Mantine's own are too pale on their background (WCAG AA asks for 4.5 to 1). */
const DARK_TEXTS: Readonly<Record<Tone, string>> = {
  good: '#05523b',
  busy: '#044c5a',
  warning: '#6b3a00',
  bad: '#8a1c1c',
  quiet: '#3d444b',
};

/** A state as a word in a colour: never the colour alone. */
export function StateBadge({ tone, text }: { readonly tone: Tone; readonly text: string }) {
  return (
    <Badge
      color={COLORS[tone]}
      c={`light-dark(${DARK_TEXTS[tone]}, var(--mantine-color-${COLORS[tone]}-2))`}
      variant="light"
      radius="sm"
      tt="none"
      fw={600}
    >
      {text}
    </Badge>
  );
}
