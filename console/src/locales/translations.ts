import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en, type Texts } from './en.ts';

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

const KEPT_UNDER = 'logferry-language';

/** English is part of the program; Chinese is fetched where it is spoken. */
export async function startTranslations(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await chooseLanguage(firstLanguage());
}

export async function chooseLanguage(language: Language): Promise<void> {
  if (language === 'zh-CN' && !i18next.hasResourceBundle('zh-CN', 'translation')) {
    const { zhCn } = await import('./zh-cn.ts');
    i18next.addResourceBundle('zh-CN', 'translation', zhCn);
  }
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
  localStorage.setItem(KEPT_UNDER, language);
}

function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT_UNDER);
  if (LANGUAGES.includes(kept as Language)) return kept as Language;
  return navigator.languages.some((one) => one.toLowerCase().startsWith('zh')) ? 'zh-CN' : 'en';
}

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Texts };
  }
}
