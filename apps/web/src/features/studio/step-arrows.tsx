import type { Step } from '@idsync/engine/dataflow';
import { Menu, Pill, UnstyledButton } from '@mantine/core';
import { type ArrowPath, refusedTargets } from '../../document/connect-rules.ts';
import { useDocument } from '../../document/store.ts';
import classes from './step-list.module.css';

/** Where a step leads, by both paths, with ways to add and take away. */
export function StepArrows({ step }: { step: Step }) {
  return (
    <div className={classes.arrows}>
      <PathLine step={step} path="next" title="Success path" />
      <PathLine step={step} path="error" title="Error path" />
    </div>
  );
}

function PathLine({ step, path, title }: { step: Step; path: ArrowPath; title: string }) {
  const document = useDocument((open) => open.history.state.document);
  const push = useDocument((open) => open.push);
  const refusals = refusedTargets(document, step.id, path);
  const targets = document.steps.filter(({ id }) => id !== step.id && refusals[id] === undefined);
  const joined = [...new Set(step[path])];
  return (
    <div className={classes.path}>
      <span className={classes.pathTitle} data-path={path}>
        {title}
      </span>
      {joined.map((to) => (
        <Pill
          key={to}
          withRemoveButton
          onRemove={() => push({ type: 'disconnect', from: step.id, to, path }, { title: 'Remove arrow' })}
          removeButtonProps={{ 'aria-label': `Remove arrow to ${to}`, 'aria-hidden': false, tabIndex: 0 }}
        >
          {to}
        </Pill>
      ))}
      {joined.length === 0 && <span className={classes.none}>nowhere</span>}
      {targets.length > 0 && (
        <Menu position="bottom-start" shadow="md">
          <Menu.Target>
            <UnstyledButton className={classes.add} aria-label={`Add ${title.toLowerCase()} of ${step.id}`}>
              Add
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
            {targets.map(({ id }) => (
              <Menu.Item key={id} onClick={() => push({ type: 'connect', from: step.id, to: id, path }, { title: 'Draw arrow' })}>
                {id}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
    </div>
  );
}
