import { Combobox, Text, TextInput, useCombobox } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseQuery } from '../../../../../src/logstore/query/parse-query.ts';
import { type LogFilterValues, useCompletions } from '../../../api-client/logs.ts';
import { useFormat } from '../../../ui/use-format.ts';
import classes from './query-bar.module.css';

interface QueryBarProps {
  readonly query: string;
  readonly run: (query: string) => void;
  readonly input: RefObject<HTMLInputElement | null>;
  /** What is shown: completions are values that are there. */
  readonly filter: LogFilterValues;
}

/** The query, with its error at the column, and what could be typed next. It runs on Enter, never while one types. */
export function QueryBar(props: QueryBarProps) {
  // Made anew when the query comes from elsewhere: a facet, a link, the button "back".
  return <Bar key={props.query} {...props} />;
}

function Bar({ query, run, input, filter }: QueryBarProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState(query);
  const [cursor, setCursor] = useState(query.length);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const { data } = useCompletions({ ...filter, q: text }, cursor, combobox.dropdownOpened);
  const completions = data?.items ?? [];
  const parsed = parseQuery(text);
  const problem = parsed.ok ? undefined : parsed.problem;
  // What is wrong before the word that is typed now is said, and not covered by how the word could go on.
  const isWrongBefore = problem !== undefined && problem.column + problem.length <= (data?.from ?? 0);
  const submit = () => {
    combobox.closeDropdown();
    if (parsed.ok) run(text.trim());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // The Enter that ends a composition of an input method is not meant for us.
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') combobox.closeDropdown();
    if (event.key === 'Enter' && combobox.getSelectedOptionIndex() === -1) {
      event.preventDefault();
      submit();
    }
  };
  const complete = (value: string) => {
    if (data === undefined) return;
    setText(text.slice(0, data.from) + value + text.slice(data.to));
    setCursor(data.from + value.length);
    input.current?.focus();
  };
  const note = (event: { readonly currentTarget: HTMLInputElement }) =>
    setCursor(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
  return (
    <div className={classes['bar']}>
      <Combobox store={combobox} onOptionSubmit={complete} width="target" position="bottom-start">
        <Combobox.Target targetType="input">
          <TextInput
            ref={input}
            size="sm"
            spellCheck={false}
            autoComplete="off"
            aria-label={t('logs.query.label')}
            aria-invalid={problem !== undefined}
            aria-describedby={problem === undefined ? undefined : 'query-problem'}
            placeholder={t('logs.query.placeholder')}
            leftSection={<IconSearch size={15} aria-hidden />}
            rightSection={
              text === '' ? null : (
                <button
                  type="button"
                  className={classes['clear']}
                  aria-label={t('logs.query.clear')}
                  onClick={() => {
                    setText('');
                    run('');
                  }}
                >
                  <IconX size={14} aria-hidden />
                </button>
              )
            }
            classNames={{ input: classes['input'] ?? '' }}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
              note(event);
              combobox.openDropdown();
              combobox.resetSelectedOption();
            }}
            onSelect={note}
            onKeyDown={onKeyDown}
            onBlur={() => combobox.closeDropdown()}
          />
        </Combobox.Target>
        <Combobox.Dropdown hidden={completions.length === 0 || isWrongBefore}>
          <Combobox.Options mah={260} style={{ overflowY: 'auto' }}>
            {completions.map(({ kind, label, insert, count }) => (
              <Combobox.Option key={insert} value={insert} className={classes['option'] ?? ''}>
                <span>{label}</span>
                <Text span size="xs" c="dimmed">
                  {count === undefined ? t(`logs.query.kinds.${kind}`) : format.count(count)}
                </Text>
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {problem !== undefined && text !== query && (
        <div id="query-problem" role="alert" className={classes['problem']}>
          <pre
            aria-hidden
          >{`${' '.repeat(problem.column - 1)}${'^'.repeat(Math.max(1, problem.length))}`}</pre>
          {t('logs.query.problem', { column: problem.column, message: problem.message })}
        </div>
      )}
    </div>
  );
}
