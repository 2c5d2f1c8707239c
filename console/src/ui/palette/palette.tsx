import { Modal, ScrollArea, Text, TextInput, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './palette.module.css';
import { type Command, findCommands } from './palette-commands.ts';
import { useCommands } from './use-commands.ts';

/** ⌘K: every page, source and setting, by the keyboard alone. */
export function Palette({ opened, close, showKeys }: PaletteProps) {
  return (
    <Modal opened={opened} onClose={close} withCloseButton={false} padding={0} size="lg" yOffset="12vh">
      {/* Made anew each time that it opens, so that it begins empty. */}
      {opened && <PaletteBody close={close} showKeys={showKeys} />}
    </Modal>
  );
}

interface PaletteProps {
  readonly opened: boolean;
  readonly close: () => void;
  readonly showKeys: () => void;
}

function PaletteBody({ close, showKeys }: Omit<PaletteProps, 'opened'>) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const { commands, perform } = useCommands(showKeys);
  const found = findCommands(commands, typed);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    close();
    perform(command.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The Enter that ends a composition of an input method is not meant for us.
    if (event.nativeEvent.isComposing) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setChosen((now) => Math.max(0, Math.min(found.length - 1, now + step)));
    }
    if (event.key === 'Enter') run(found[chosen]);
  };
  return (
    <>
      <TextInput
        data-autofocus
        size="md"
        variant="unstyled"
        leftSection={<IconSearch size={17} aria-hidden />}
        placeholder={t('shell.palette.placeholder')}
        aria-label={t('shell.palette.placeholder')}
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={found.length === 0 ? undefined : `palette-${chosen}`}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ScrollArea.Autosize mah="50vh" className={classes['list']}>
        <div id="palette-list" role="listbox" aria-label={t('shell.palette.title')}>
          {found.map((command, index) => (
            <UnstyledButton
              key={JSON.stringify(command.id)}
              id={`palette-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className={classes['item']}
              onMouseMove={() => setChosen(index)}
              onClick={() => run(command)}
            >
              {command.title}
            </UnstyledButton>
          ))}
        </div>
        {found.length === 0 && (
          <Text size="sm" c="dimmed" p="sm">
            {t('shell.palette.nothing')}
          </Text>
        )}
      </ScrollArea.Autosize>
    </>
  );
}
