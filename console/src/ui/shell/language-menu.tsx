import { Button, Menu } from '@mantine/core';
import { IconCheck, IconLanguage } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, LANGUAGES } from '../../locales/translations.ts';

/** In their own words, so that whoever is lost finds back. */
const NAMES = { en: 'English', 'zh-CN': '中文' } as const;

export function LanguageMenu() {
  const { t, i18n } = useTranslation();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconLanguage size={16} aria-hidden />}
          aria-label={`${t('shell.language')}: ${i18n.language === 'zh-CN' ? NAMES['zh-CN'] : NAMES.en}`}
        >
          {i18n.language === 'zh-CN' ? NAMES['zh-CN'] : NAMES.en}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {LANGUAGES.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            onClick={() => void chooseLanguage(language)}
            rightSection={i18n.language === language ? <IconCheck size={14} aria-hidden /> : null}
          >
            {NAMES[language]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
