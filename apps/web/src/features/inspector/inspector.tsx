import { ActionIcon, ScrollArea, Text, Tooltip } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconBook2, IconX } from '@tabler/icons-react';
import { type ComponentType, useMemo } from 'react';
import { entryOf } from '../../document/catalogue.ts';
import { nodeId } from '../../document/drawing/arrow-id.ts';
import { ComponentIcon } from '../../document/drawing/component-icon.tsx';
import { useDocument } from '../../document/store.ts';
import { fieldsBefore } from '../../document/upstream-fields.ts';
import { FormContext, type ScriptEditorProps } from './form-context.ts';
import { HelpPanel } from './help/help-panel.tsx';
import classes from './inspector.module.css';
import { ParamForm, RawParams } from './param-form.tsx';
import { StepId } from './step-id.tsx';
import { TestConnection } from './test-connection.tsx';
import { useShowField } from './use-show-field.ts';

interface InspectorProps {
  /** Opened over the page for a script parameter. */
  scriptEditor: ComponentType<ScriptEditorProps>;
}

/** The keyboard goes back to where the panel was opened from. */
const focusCard = (id: string) =>
  window.document.querySelector<HTMLElement>(`.react-flow__node[data-id="${nodeId(id)}"]`)?.focus({ preventScroll: true });

/** The parameters of the inspected step, at the right of the canvas. Every change counts at once and can be undone. */
export function Inspector({ scriptEditor }: InspectorProps) {
  const inspected = useDocument((open) => open.inspected);
  const document = useDocument((open) => open.history.state.document);
  const issues = useDocument((open) => open.issues);
  const inspect = useDocument((open) => open.inspect);
  const step = document.steps.find(({ id }) => id === inspected?.step);
  const panel = useShowField(inspected);
  const [helpShown, setHelpShown] = useLocalStorage({ key: 'idsync-component-help', defaultValue: false, getInitialValueInEffect: false });
  const form = useMemo(
    () =>
      step && { step, scriptEditor, issues: issues.filter((issue) => issue.step === step.id), fieldNames: fieldsBefore(document, step.id) },
    [step, scriptEditor, issues, document],
  );
  if (!step || !form) return null;
  const entry = entryOf(step.type);
  const close = () => {
    inspect(undefined);
    focusCard(step.id);
  };
  return (
    <>
      {entry && helpShown && <HelpPanel step={step} entry={entry} onClose={() => setHelpShown(false)} />}
      <aside
        ref={panel}
        tabIndex={-1}
        className={classes.inspector}
        aria-label="Step parameters"
        data-testid="inspector"
        onKeyDown={(event) => {
          if (event.key === 'Escape' && !event.defaultPrevented) close();
        }}
      >
        <header className={classes.header}>
          <ComponentIcon type={step.type} size="lg" muted={!entry} />
          <div className={classes.heading}>
            <h2 className={classes.title}>{entry?.title ?? 'Not available yet'}</h2>
            <Text size="xs" c="dimmed" ff="monospace" truncate title={step.type}>
              {step.type}
            </Text>
          </div>
          {entry && (
            <Tooltip label="Notes, faults, limits, examples">
              <ActionIcon
                variant={helpShown ? 'light' : 'subtle'}
                {...(!helpShown && { color: 'gray' })}
                size="lg"
                aria-label="About this component"
                aria-expanded={helpShown}
                onClick={() => setHelpShown(!helpShown)}
              >
                <IconBook2 size={18} stroke={1.75} />
              </ActionIcon>
            </Tooltip>
          )}
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Close parameters" onClick={close}>
            <IconX size={18} stroke={1.75} />
          </ActionIcon>
        </header>
        <ScrollArea className={classes.scroll} scrollbars="y" scrollbarSize={8}>
          <div className={classes.content}>
            <p className={classes.summary}>
              {entry?.summary ??
                'This component is not part of this build yet. The step is kept with the flow as it is, and its parameters can be edited as JSON.'}
            </p>
            <FormContext value={form}>
              <StepId key={step.id} id={step.id} />
              {entry ? <ParamForm key={`${step.id}:${entry.type}`} step={step} entry={entry} /> : <RawParams key={step.id} step={step} />}
              {entry?.connects && <TestConnection key={`test:${step.id}`} step={step} />}
            </FormContext>
          </div>
        </ScrollArea>
      </aside>
    </>
  );
}
