import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import classes from './message.module.css';
import { summarizeMessage } from './message-summary.ts';
import { MessageText } from './message-text.tsx';

interface MessageLineProps {
  readonly message: string;
  readonly marks: readonly string[];
}

/** A message in one line: what it says, then what else stands in it; the whole is in the drawer. */
export function MessageLine({ message, marks }: MessageLineProps) {
  const { t } = useTranslation();
  const { text, rest, more } = summarizeMessage(message);
  return (
    <>
      <MessageText text={text} marks={marks} />
      {rest !== '' && (
        <Text span inherit className={classes['rest'] ?? ''}>
          {' '}
          <MessageText text={rest} marks={marks} />
        </Text>
      )}
      {more > 0 && <span className={classes['more']}>{t('logs.moreLines', { count: more })}</span>}
    </>
  );
}
