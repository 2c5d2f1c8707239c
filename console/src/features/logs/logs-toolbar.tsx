import { ActionIcon, Button, Group, Menu, Tooltip } from '@mantine/core';
import {
  IconDownload,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconTextWrap,
} from '@tabler/icons-react';
import type { RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import { exportUrl, type LogFilterValues } from '../../api-client/logs.ts';
import { QueryBar } from './query/query-bar.tsx';
import { cliCommand } from './share.ts';
import { TimePicker } from './time/time-picker.tsx';
import type { Instants, TimeRange, Zone } from './time/time-range.ts';

interface LogsToolbarProps {
  readonly query: string;
  readonly range: TimeRange;
  readonly zone: Zone;
  readonly shown: Instants;
  readonly filter: LogFilterValues;
  readonly wrap: boolean;
  readonly isLive: boolean;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly isTimeOpen: boolean;
  readonly setTimeOpen: (opened: boolean) => void;
  readonly formatMillis: (millis: number) => string;
  readonly run: (query: string) => void;
  readonly chooseRange: (range: TimeRange) => void;
  readonly chooseZone: (zone: Zone) => void;
  readonly toggleWrap: () => void;
  readonly toggleLive: () => void;
  readonly refresh: () => void;
}

const FORMATS = ['csv', 'ndjson', 'txt'] as const;

export function LogsToolbar(props: LogsToolbarProps) {
  const { query, range, zone, shown, filter, wrap, isLive, input, run } = props;
  const { t } = useTranslation();
  return (
    <Group gap={8} px={12} py={8} wrap="nowrap" align="flex-start">
      <QueryBar query={query} run={run} input={input} filter={filter} />
      <TimePicker
        range={range}
        zone={zone}
        shown={shown}
        formatMillis={props.formatMillis}
        choose={props.chooseRange}
        chooseZone={props.chooseZone}
        opened={props.isTimeOpen}
        setOpened={props.setTimeOpen}
      />
      <Button
        variant={isLive ? 'filled' : 'default'}
        aria-pressed={isLive}
        leftSection={
          isLive ? <IconPlayerPause size={14} aria-hidden /> : <IconPlayerPlay size={14} aria-hidden />
        }
        onClick={props.toggleLive}
      >
        {t('logs.live.title')}
      </Button>
      <IconAction label={t('logs.refresh')} Icon={IconRefresh} act={props.refresh} isDisabled={isLive} />
      <IconAction label={t('logs.wrap')} Icon={IconTextWrap} act={props.toggleWrap} isPressed={wrap} />
      <ExportMenu filter={filter} />
    </Group>
  );
}

function IconAction({
  label,
  Icon,
  act,
  isPressed,
  isDisabled = false,
}: {
  readonly label: string;
  readonly Icon: typeof IconRefresh;
  readonly act: () => void;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={30}
        variant={isPressed === true ? 'light' : 'default'}
        aria-label={label}
        aria-pressed={isPressed}
        disabled={isDisabled}
        onClick={act}
      >
        <Icon size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}

/** All that match, not only what is loaded; and the same as a command. */
function ExportMenu({ filter }: { readonly filter: LogFilterValues }) {
  const { t } = useTranslation();
  const copy = (text: string) => void navigator.clipboard.writeText(text);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={30} variant="default" aria-label={t('logs.export.title')}>
          <IconDownload size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t('logs.export.all')}</Menu.Label>
        {FORMATS.map((format) => (
          <Menu.Item key={format} component="a" href={exportUrl(filter, format)} download>
            {t(`logs.export.${format}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => copy(cliCommand(filter))}>{t('logs.export.cli')}</Menu.Item>
        <Menu.Item onClick={() => copy(`curl '${location.origin}${exportUrl(filter, 'ndjson')}'`)}>
          {t('logs.export.curl')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
