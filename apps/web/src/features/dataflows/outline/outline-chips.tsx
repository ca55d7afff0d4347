import { IconArrowNarrowRight } from '@tabler/icons-react';
import { Fragment } from 'react';
import classes from './outline-chips.module.css';
import { type OutlineChain, parseOutline } from './parse-outline.ts';

interface OutlineChipsProps {
  outline: string;
  /** Larger chips, for the wizard. */
  large?: boolean;
}

/** A flow's outline as chips with arrows; branches stand under one another. Read out as its plain text. */
export function OutlineChips({ outline, large = false }: OutlineChipsProps) {
  if (!outline) return <span className={classes.none}>no steps yet</span>;
  return (
    <span className={classes.outline} data-large={large || undefined}>
      <span className={classes.spoken}>{outline}</span>
      <span aria-hidden="true" className={classes.entries}>
        {parseOutline(outline).map((chain) => (
          <Chain key={firstAt(chain)} chain={chain} />
        ))}
      </span>
    </span>
  );
}

const firstAt = (chain: OutlineChain): number => chain.steps[0]?.at ?? -1;

function Chain({ chain }: { chain: OutlineChain }) {
  return (
    <span className={classes.chain}>
      {chain.steps.map((step, index) => (
        <Fragment key={step.at}>
          {index > 0 && <Arrow />}
          <span className={classes.chip}>{step.id}</span>
        </Fragment>
      ))}
      {chain.branches.length > 0 && (
        <span className={classes.branches}>
          {chain.branches.map((branch) => (
            <span key={firstAt(branch.chain)} className={classes.branch} data-path={branch.path}>
              <Arrow />
              <Chain chain={branch.chain} />
            </span>
          ))}
        </span>
      )}
    </span>
  );
}

const Arrow = () => <IconArrowNarrowRight size={14} stroke={1.5} className={classes.arrow} />;
