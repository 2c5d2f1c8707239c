import { Group, HoverCard, List, Text, UnstyledButton } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useReadiness } from '../../api-client/status.ts';
import classes from './shell.module.css';

/** What /readyz says, always in sight. */
export function Health() {
  const { t } = useTranslation();
  const { data, isError } = useReadiness();
  if (data === undefined && !isError) return null;
  const health = isError ? 'unreachable' : (data?.status ?? 'ok');
  const problems = isError ? [] : (data?.problems ?? []);
  return (
    <HoverCard width={420} position="bottom-end" openDelay={150} disabled={problems.length === 0}>
      <HoverCard.Target>
        <UnstyledButton aria-label={[t(`shell.health.${health}`), ...problems].join('. ')}>
          <Group gap={7} wrap="nowrap">
            <span className={classes['health']} data-health={health} />
            <Text size="sm" visibleFrom="sm">
              {t(`shell.health.${health}`)}
            </Text>
          </Group>
        </UnstyledButton>
      </HoverCard.Target>
      <HoverCard.Dropdown>
        <List size="sm" spacing={4}>
          {problems.map((problem) => (
            <List.Item key={problem}>{problem}</List.Item>
          ))}
        </List>
      </HoverCard.Dropdown>
    </HoverCard>
  );
}
