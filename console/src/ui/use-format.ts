import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatAgo, formatBytes, formatCount, formatDuration, formatTime } from './format.ts';

/** The functions of format.ts in the language that is chosen. */
export function useFormat() {
  const { i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(
    () => ({
      count: (count: number) => formatCount(count, language),
      bytes: (bytes: number) => formatBytes(bytes, language),
      duration: (millis: number) => formatDuration(millis, language),
      ago: (sinceMillis: number) => formatAgo(Date.now() - sinceMillis, language),
      time: (millis: number) => formatTime(millis, language),
    }),
    [language],
  );
}
