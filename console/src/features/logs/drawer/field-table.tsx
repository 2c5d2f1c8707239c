import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconColumns, IconMinus, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type ChoiceMode, withChoice } from '../../../../../src/logstore/query/edit-query.ts';
import type { LogLine } from '../../../api-client/logs.ts';
import { fieldsOf, type RecordField } from '../record-values.ts';
import classes from './record-drawer.module.css';

interface FieldTableProps {
  readonly stored: LogLine;
  readonly query: string;
  readonly columns: readonly string[];
  readonly changeQuery: (query: string) => void;
  readonly changeColumns: (columns: readonly string[]) => void;
}

/** Every value can be included, excluded, or made a column. */
export function FieldTable({ stored, query, columns, changeQuery, changeColumns }: FieldTableProps) {
  const choose = ({ name, value }: RecordField, mode: ChoiceMode) =>
    changeQuery(withChoice(query, { field: name, value }, mode));
  const toggleColumn = (name: string) =>
    changeColumns(columns.includes(name) ? columns.filter((one) => one !== name) : [...columns, name]);
  return fieldsOf(stored).map((field) => (
    <div key={field.name} className={classes['field']}>
      <span className={classes['fieldName']} title={field.name}>
        {field.name}
      </span>
      <span className={classes['fieldValue']}>{field.value}</span>
      <FieldActions
        field={field}
        isColumn={columns.includes(field.name)}
        choose={choose}
        toggleColumn={toggleColumn}
      />
    </div>
  ));
}

function FieldActions({
  field,
  isColumn,
  choose,
  toggleColumn,
}: {
  readonly field: RecordField;
  readonly isColumn: boolean;
  readonly choose: (field: RecordField, mode: ChoiceMode) => void;
  readonly toggleColumn: (name: string) => void;
}) {
  const { t } = useTranslation();
  const actions = [
    { label: t('logs.include'), Icon: IconPlus, act: () => choose(field, 'include') },
    { label: t('logs.exclude'), Icon: IconMinus, act: () => choose(field, 'exclude') },
    {
      label: t(isColumn ? 'logs.removeColumn' : 'logs.addColumn'),
      Icon: IconColumns,
      act: () => toggleColumn(field.name),
    },
  ];
  return (
    <Group gap={2} wrap="nowrap" className={classes['fieldActions']}>
      {actions.map(({ label, Icon, act }) => (
        <Tooltip key={label} label={label}>
          <ActionIcon
            size={18}
            variant="subtle"
            color="gray"
            aria-label={`${label}: ${field.name}`}
            onClick={act}
          >
            <Icon size={13} aria-hidden />
          </ActionIcon>
        </Tooltip>
      ))}
    </Group>
  );
}
