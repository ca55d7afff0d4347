import type { Issue } from '@idsync/engine/dataflow';
import { ActionIcon, ScrollArea, Text, UnstyledButton } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconX } from '@tabler/icons-react';
import { documentStore, useDocument } from '../../document/store.ts';
import classes from './problem-list.module.css';
import { type Studio, useStudio } from './studio-context.ts';
import { reveal } from './use-reveal-inspected.ts';

/** Shows the step, selects it, and opens its parameters at the field. */
function jumpTo(issue: Issue, studio: Studio): void {
  if (issue.step === undefined) return;
  const { select, inspect } = documentStore.getState();
  select({ steps: [issue.step] });
  inspect(issue.step, issue.field);
  if (studio.canvas) void reveal(studio.canvas, issue.step);
}

/** Everything that is wrong with the flow; each line leads to its place. */
export function ProblemList() {
  const studio = useStudio();
  const issues = useDocument((open) => open.issues);
  if (!studio.problemsOpen) return null;
  return (
    <section className={classes.panel} aria-label="Problems">
      <header className={classes.header}>
        <h2 className={classes.heading}>Problems</h2>
        <ActionIcon variant="subtle" color="gray" aria-label="Close problems" onClick={() => studio.setProblemsOpen(false)}>
          <IconX size={16} />
        </ActionIcon>
      </header>
      <ScrollArea.Autosize mah={184} scrollbarSize={8}>
        {issues.length === 0 && (
          <Text size="sm" c="dimmed" px="md" pb="md">
            Nothing is wrong. The flow can be saved and run.
          </Text>
        )}
        <ul className={classes.list}>
          {issues.map((issue) => (
            <li key={`${issue.step}/${issue.field}/${issue.message}`}>
              <UnstyledButton className={classes.issue} data-severity={issue.severity} onClick={() => jumpTo(issue, studio)}>
                {issue.severity === 'error' ? (
                  <IconAlertTriangle size={16} stroke={1.75} aria-label="Error" />
                ) : (
                  <IconInfoCircle size={16} stroke={1.75} aria-label="Warning" />
                )}
                <span className={classes.step}>{issue.step ?? 'Flow'}</span>
                <span className={classes.words}>
                  {issue.message} <span className={classes.remedy}>{issue.remedy}</span>
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </ScrollArea.Autosize>
    </section>
  );
}
