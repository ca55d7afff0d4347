import { Alert, Button, Text } from '@mantine/core';
import { countOf } from '../../../lib/format-number.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { OutlineChips } from '../outline/outline-chips.tsx';
import classes from './create.module.css';
import type { Finding, ImportReading } from './read-import.ts';

interface ImportFindingsProps {
  /** Undefined while there is no text. */
  reading: ImportReading | undefined;
  busy: boolean;
  /** Why the server refused. */
  problem: string | undefined;
  onImport(): void;
}

/** What the text holds, what is wrong with it, and the button that takes it in. */
export function ImportFindings({ reading, busy, problem, onImport }: ImportFindingsProps) {
  if (!reading) {
    return (
      <EmptyState
        title="What the JSON holds is shown here"
        text="Flows exported from the original console come in unchanged, parameters that this studio does not know included. Secrets are never part of an export: enter them afterwards."
      />
    );
  }
  const { document, outline, findings, errors } = reading;
  return (
    <section className={classes.findings} aria-label="Findings" aria-live="polite">
      {document && (
        <div>
          <Text fw={600} mb={4}>
            {document.name || 'Untitled data flow'}
          </Text>
          <OutlineChips outline={outline} large />
        </div>
      )}
      {findings.length === 0 && <StatusMark tone="ok" label="No problems found" />}
      {errors > 0 && document && (
        <Text c="dimmed">
          {countOf(errors, 'problem')} to mend before it can run. It can be imported as a draft and mended in the studio.
        </Text>
      )}
      {findings.length > 0 && (
        <ul className={classes.list}>
          {findings.map((finding) => (
            <FindingItem key={`${finding.code} ${finding.step} ${finding.field} ${finding.line} ${finding.message}`} finding={finding} />
          ))}
        </ul>
      )}
      {problem && (
        <Alert color="red" title="The flow was not imported">
          {problem}
        </Alert>
      )}
      <Button onClick={onImport} loading={busy} disabled={!document}>
        {errors > 0 ? 'Import as draft' : 'Import'}
      </Button>
    </section>
  );
}

function FindingItem({ finding: { severity, line, step, message, remedy } }: { finding: Finding }) {
  const where = [line !== undefined && `Line ${line}`, step && `step ${step}`].filter(Boolean).join(', ');
  return (
    <li>
      <StatusMark tone={severity === 'error' ? 'fail' : 'warn'} label={`${where && `${where}: `}${message}`} detail={remedy} />
    </li>
  );
}
