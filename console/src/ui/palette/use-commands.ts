import { useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useStatus } from '../../api-client/status.ts';
import { chooseLanguage } from '../../locales/translations.ts';
import { type Command, type CommandId, SEED_WORDS } from './palette-commands.ts';

const PAGES = ['logs', 'sources', 'destinations', 'runs', 'settings'] as const;
const THEMES = ['light', 'dark', 'auto'] as const;

/** What the palette offers here and now, and how each is done. */
export function useCommands(showKeys: () => void) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const { data } = useStatus();
  const commands: readonly Command[] = [
    ...PAGES.map((name) => ({
      id: { kind: 'page', to: `/${name}` } as const,
      title: t(`shell.pages.${name}`),
      words: `${name} ${SEED_WORDS[`/${name}`]}`,
    })),
    ...(data?.sources ?? []).map(({ id }) => ({
      id: { kind: 'source', id } as const,
      title: id,
      words: t('shell.pages.sources'),
    })),
    ...THEMES.map((scheme) => ({
      id: { kind: 'theme', scheme } as const,
      title: `${t('shell.theme')}: ${t(`shell.themes.${scheme}`)}`,
      words: `theme ${scheme}`,
    })),
    { id: { kind: 'language', language: 'en' }, title: 'English', words: 'language 语言' },
    { id: { kind: 'language', language: 'zh-CN' }, title: '中文', words: 'language 语言 chinese' },
    { id: { kind: 'keys' }, title: t('shell.keys.title'), words: 'keyboard ?' },
  ];
  const perform = (id: CommandId): void => {
    switch (id.kind) {
      case 'page':
        void navigate({ to: id.to });
        return;
      case 'source':
        void navigate({ to: '/sources/$id', params: { id: id.id }, search: { range: 'hour' } });
        return;
      case 'language':
        void chooseLanguage(id.language);
        return;
      case 'theme':
        setColorScheme(id.scheme);
        return;
      case 'keys':
        showKeys();
    }
  };
  return { commands, perform };
}
