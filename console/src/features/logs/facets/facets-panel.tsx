import { ActionIcon, Group, Skeleton, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type ChoiceMode, choiceIn, withChoice } from '../../../../../src/logstore/query/edit-query.ts';
import type { Facets } from '../../../api-client/logs.ts';
import { useFormat } from '../../../ui/use-format.ts';
import classes from './facets-panel.module.css';

interface FacetsPanelProps {
  readonly facets: Facets | undefined;
  readonly query: string;
  readonly changeQuery: (query: string) => void;
}

/** What there is, with how many records of each; a click narrows the query to it, or takes that back. */
export function FacetsPanel({ facets, query, changeQuery }: FacetsPanelProps) {
  const { t } = useTranslation();
  if (facets === undefined) return <Skeleton h={320} m="sm" w={196} />;
  return (
    <aside className={classes['panel']} aria-label={t('logs.facets')}>
      {facets.facets
        .filter(({ distinct }) => distinct > 0)
        .map((facet) => (
          <FacetSection key={facet.field} facet={facet} query={query} changeQuery={changeQuery} />
        ))}
    </aside>
  );
}

function FacetSection({
  facet,
  query,
  changeQuery,
}: {
  readonly facet: Facets['facets'][number];
  readonly query: string;
  readonly changeQuery: (query: string) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { field, values, distinct, others, missing } = facet;
  const rest = distinct - values.length;
  return (
    <section className={classes['facet']}>
      <h2 className={classes['title']}>{t(`logs.fields.${field as 'level'}`, { defaultValue: field })}</h2>
      {values.map(({ value, count }) => (
        <FacetValue key={value} {...{ field, value, count, query, changeQuery }} />
      ))}
      {rest > 0 && (
        <Text className={classes['rest']}>
          {t('logs.moreValues', { count: rest, records: format.count(others) })}
        </Text>
      )}
      {missing > 0 && (
        <UnstyledButton
          className={classes['rest']}
          onClick={() => changeQuery(withChoice(query, { field, value: undefined }, 'include'))}
        >
          {t('logs.missing', { records: format.count(missing) })}
        </UnstyledButton>
      )}
    </section>
  );
}

interface FacetValueProps {
  readonly field: string;
  readonly value: string;
  readonly count: number;
  readonly query: string;
  readonly changeQuery: (query: string) => void;
}

function FacetValue({ field, value, count, query, changeQuery }: FacetValueProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const choice = { field, value };
  const mode = choiceIn(query, choice);
  const toggle = (wanted: ChoiceMode) =>
    changeQuery(withChoice(query, choice, mode === wanted ? undefined : wanted));
  return (
    <Group className={classes['value']} data-mode={mode} gap={0} wrap="nowrap">
      <UnstyledButton
        className={classes['name']}
        title={value}
        aria-pressed={mode === 'include'}
        onClick={() => toggle('include')}
      >
        {value}
      </UnstyledButton>
      <Tooltip label={t(mode === 'exclude' ? 'logs.notExcluded' : 'logs.exclude')}>
        <ActionIcon
          size={16}
          variant="subtle"
          color="gray"
          className={classes['exclude']}
          aria-label={`${t(mode === 'exclude' ? 'logs.notExcluded' : 'logs.exclude')}: ${value}`}
          onClick={() => toggle('exclude')}
        >
          {mode === 'exclude' ? <IconPlus size={12} aria-hidden /> : <IconMinus size={12} aria-hidden />}
        </ActionIcon>
      </Tooltip>
      <span className={classes['count']}>{format.count(count)}</span>
    </Group>
  );
}
