import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Palette } from '../palette/palette.tsx';
import { Header } from './header.tsx';
import { KeyboardSheet } from './keyboard-sheet.tsx';
import { Rail } from './rail.tsx';
import classes from './shell.module.css';

export function Shell() {
  const { t } = useTranslation();
  const [isPaletteOpen, palette] = useDisclosure();
  const [areKeysShown, keys] = useDisclosure();
  useHotkeys([['mod+K', palette.toggle]], []);
  // Keyboards have it with Shift or without.
  useHotkeys([
    ['?', keys.toggle],
    ['shift+?', keys.toggle],
  ]);
  return (
    <div className={classes['shell']}>
      <a className={classes['skip']} href="#content">
        {t('shell.skipToContent')}
      </a>
      <Header openPalette={palette.open} />
      <Rail />
      <main id="content" className={classes['content']} tabIndex={-1}>
        <Outlet />
      </main>
      <Palette opened={isPaletteOpen} close={palette.close} showKeys={keys.open} />
      <KeyboardSheet opened={areKeysShown} close={keys.close} />
    </div>
  );
}
