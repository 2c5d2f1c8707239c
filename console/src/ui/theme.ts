import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: a calm teal, with AA contrast of white text from shade 7 on. */
const ferry: MantineColorsTuple = [
  '#e6f7fa',
  '#d0ebf0',
  '#a3d7e1',
  '#73c1d0',
  '#4caec1',
  '#2f9bb1',
  '#178599',
  '#0b7285',
  '#085f6f',
  '#044c5a',
];

export const theme = createTheme({
  primaryColor: 'ferry',
  primaryShade: 7,
  autoContrast: true,
  colors: { ferry },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    'Inter, "Segoe UI", "Helvetica Neue", Arial, "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", "Noto Sans Mono CJK SC", monospace',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    sizes: { h1: { fontSize: '1.25rem' }, h2: { fontSize: '1.0625rem' }, h3: { fontSize: '0.9375rem' } },
  },
  components: {
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    Button: { defaultProps: { size: 'xs' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs' } },
  },
});
