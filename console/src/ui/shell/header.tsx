import { Button, Kbd } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import logo from '../logferry.svg';
import { Health } from './health.tsx';
import { LanguageMenu } from './language-menu.tsx';
import classes from './shell.module.css';
import { ThemeMenu } from './theme-menu.tsx';

export function Header({ openPalette }: { readonly openPalette: () => void }) {
  const { t } = useTranslation();
  return (
    <header className={classes['header']}>
      <Link to="/logs" className={classes['brand']}>
        <img src={logo} alt="" width={22} height={22} />
        Logferry
      </Link>
      <div className={classes['space']} />
      <Button
        variant="default"
        leftSection={<IconSearch size={14} aria-hidden />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
        onClick={openPalette}
        visibleFrom="sm"
      >
        {t('shell.palette.title')}
      </Button>
      <Health />
      <LanguageMenu />
      <ThemeMenu />
    </header>
  );
}
