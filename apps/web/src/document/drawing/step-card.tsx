import { Tooltip } from '@mantine/core';
import { IconAlertTriangleFilled, IconPlugConnectedX } from '@tabler/icons-react';
import { memo } from 'react';
import { ComponentIcon } from './component-icon.tsx';
import { counted } from './detail.ts';
import type { StepData } from './projection.ts';
import classes from './step-card.module.css';

interface StepCardProps {
  data: StepData;
  selected: boolean;
  /** Seen from far: less is shown, larger. */
  far?: boolean;
  /** Why this step cannot be the target of the arrow being drawn; dims the card. */
  refusal?: string | undefined;
}

const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** One step as a card of fixed size: icon, name, component, its most telling parameter, and what is wrong with it. */
export const StepCard = memo(function StepCard({ data, selected, far = false, refusal }: StepCardProps) {
  return (
    <div
      className={classes.card}
      data-selected={selected || undefined}
      data-far={far || undefined}
      data-unavailable={!data.available || undefined}
      data-refused={refusal !== undefined || undefined}
      data-faulty={data.errors > 0 || undefined}
      data-testid={`step-${data.id}`}
    >
      <ComponentIcon type={data.type} size="lg" muted={!data.available} />
      <span className={classes.text}>
        <span className={classes.name}>{data.id}</span>
        <span className={classes.title}>{data.available ? data.title : `${data.type}`}</span>
        {data.detail !== undefined && <span className={classes.detail}>{data.detail}</span>}
      </span>
      <StepBadges data={data} />
      {data.metrics && <StepCounts data={data} metrics={data.metrics} />}
      {refusal !== undefined && <span className={classes.refusal}>{refusal}</span>}
    </div>
  );
});

function StepBadges({ data }: { data: StepData }) {
  const problems = data.errors + data.warnings;
  if (data.available && problems === 0) return null;
  return (
    <span className={classes.badges}>
      {!data.available && (
        <Tooltip label="This component is not available yet. The step is kept as it is and its parameters can be edited as JSON.">
          <span className={classes.badge} data-tone="idle">
            <IconPlugConnectedX size={12} aria-hidden />
            Not available yet
          </span>
        </Tooltip>
      )}
      {data.available && problems > 0 && (
        <span className={classes.badge} data-tone={data.errors > 0 ? 'fail' : 'warn'}>
          <IconAlertTriangleFilled size={12} aria-hidden />
          {data.errors > 0 ? plural(data.errors, 'problem') : plural(data.warnings, 'warning')}
        </span>
      )}
    </span>
  );
}

function StepCounts({ data, metrics }: { data: StepData; metrics: NonNullable<StepData['metrics']> }) {
  const number = (value: number) => value.toLocaleString('en');
  return (
    <span className={classes.counts}>
      {data.takesInput && <span>{counted(metrics.input, data.filesIn)} in</span>}
      {(data.givesOutput || metrics.output > 0) && <span>{counted(metrics.output, data.filesOut)} out</span>}
      {metrics.failed > 0 && <span data-tone="fail">{number(metrics.failed)} failed</span>}
      {metrics.filtered > 0 && <span>{number(metrics.filtered)} filtered</span>}
    </span>
  );
}
