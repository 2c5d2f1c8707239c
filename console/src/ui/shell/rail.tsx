import { IconFileText, IconHistory, IconPlugConnected, IconSend, IconSettings } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import classes from './shell.module.css';

const PAGES = [
  { to: '/logs', name: 'logs', Icon: IconFileText },
  { to: '/sources', name: 'sources', Icon: IconPlugConnected },
  { to: '/destinations', name: 'destinations', Icon: IconSend },
  { to: '/runs', name: 'runs', Icon: IconHistory },
  { to: '/settings', name: 'settings', Icon: IconSettings },
] as const;

export function Rail() {
  const { t } = useTranslation();
  return (
    <nav className={classes['rail']}>
      {PAGES.map(({ to, name, Icon }) => (
        <Link key={to} to={to} className={classes['link']}>
          <Icon size={17} stroke={1.7} aria-hidden />
          <span className={classes['label']}>{t(`shell.pages.${name}`)}</span>
        </Link>
      ))}
    </nav>
  );
}
