import { UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import type { PaletteSection } from './group-components.ts';
import classes from './palette.module.css';
import { PaletteItem } from './palette-item.tsx';

interface PaletteGroupProps {
  section: PaletteSection;
  folded?: boolean;
  /** Absent: what is found by a search is never folded. */
  onFold?(): void;
  onAdd(type: string): void;
}

/** A section of the palette; its head stays in sight while its components scroll by. */
export function PaletteGroup({ section, folded = false, onFold, onAdd }: PaletteGroupProps) {
  return (
    <section className={classes.group} aria-label={section.title}>
      <h3 className={classes.groupTitle}>
        {onFold ? (
          <UnstyledButton className={classes.groupFold} data-palette-head aria-expanded={!folded} onClick={onFold}>
            <IconChevronRight size={14} stroke={2} aria-hidden />
            {section.title}
            <span className={classes.count}>{section.count}</span>
          </UnstyledButton>
        ) : (
          <span className={classes.found}>{section.title}</span>
        )}
      </h3>
      {!folded &&
        section.parts.map((part) => (
          <div key={part.title}>
            {part.title !== '' && <h4 className={classes.partTitle}>{part.title}</h4>}
            {part.entries.map((entry) => (
              <PaletteItem key={entry.type} entry={entry} onAdd={() => onAdd(entry.type)} />
            ))}
          </div>
        ))}
    </section>
  );
}
