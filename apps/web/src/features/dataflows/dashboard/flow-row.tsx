import { Anchor, Table } from '@mantine/core';
import { Link } from 'react-router';
import type { DataflowRow } from '../../../lib/api.ts';
import { countOf, formatCount } from '../../../lib/format-number.ts';
import { formatUtc } from '../../../lib/format-time.ts';
import { jobOutcome } from '../../../lib/job-outcome.ts';
import { Time } from '../../../lib/time.tsx';
import { type RunBar, RunBars } from '../../../ui/run-bars.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { OutlineChips } from '../outline/outline-chips.tsx';
import type { FlowActions } from '../use-flow-actions.ts';
import { FlowMenu } from './flow-menu.tsx';
import classes from './flow-table.module.css';
import type { ListedFlow } from './list-flows.ts';

const barOf = (job: DataflowRow['recentJobs'][number]): RunBar => {
  const { tone, label } = jobOutcome(job);
  const when = job.startTime ? `${formatUtc(job.startTime)} UTC: ` : '';
  return { key: job.id, value: job.processedRecords, tone, label: `${when}${label}, ${countOf(job.processedRecords, 'record')}` };
};

/** The bars in words: `Last 20 runs: 17 succeeded, 1 with failed records, 2 failed`. */
function describeRuns(jobs: DataflowRow['recentJobs']): string {
  if (jobs.length === 0) return 'No runs yet';
  const groups = Map.groupBy(jobs, (job) => jobOutcome(job).short.toLowerCase());
  const parts = [...groups].map(([word, own]) => `${formatCount(own.length)} ${word}`);
  return `Last ${countOf(jobs.length, 'run')}: ${parts.join(', ')}`;
}

interface FlowRowProps extends ListedFlow {
  actions: FlowActions;
  onRemove(flow: DataflowRow): void;
}

export function FlowRow({ flow, health, actions, onRemove }: FlowRowProps) {
  const history = `/dataflows/${flow.id}/jobs`;
  return (
    <Table.Tr data-testid={`flow-${flow.id}`} className={classes.row}>
      <Table.Td className={classes.flow}>
        <Anchor component={Link} to={`/dataflows/${flow.id}`} className={classes.name}>
          {flow.name}
        </Anchor>
        {flow.description && !flow.description.includes(' > ') && <div className={classes.description}>{flow.description}</div>}
        <div className={classes.glance}>
          <OutlineChips outline={flow.outline} />
        </div>
      </Table.Td>
      <Table.Td data-label="Health" className={classes.health}>
        <Link to={flow.lastJob ? `/jobs/${flow.lastJob.id}` : history} className={classes.plainLink}>
          <StatusMark tone={health.tone} label={health.label} detail={health.detail} />
        </Link>
      </Table.Td>
      <Table.Td data-label="Last successful run">
        {flow.lastRuntime ? <Time iso={flow.lastRuntime} ago /> : <span className={classes.none}>none yet</span>}
      </Table.Td>
      <Table.Td data-label="Scheduled next run">
        {flow.nextRun ? <Time iso={flow.nextRun} ago /> : <span className={classes.none}>not scheduled</span>}
      </Table.Td>
      <Table.Td data-label="Last 20 runs">
        <Link to={history} className={classes.plainLink} aria-label={`Job history of ${flow.name}. ${describeRuns(flow.recentJobs)}`}>
          {flow.recentJobs.length === 0 && <span className={classes.none}>no runs yet</span>}
          {flow.recentJobs.length > 0 && <RunBars bars={flow.recentJobs.map(barOf)} label={describeRuns(flow.recentJobs)} />}
        </Link>
      </Table.Td>
      <Table.Td className={classes.actions}>
        <FlowMenu flow={flow} actions={actions} onRemove={() => onRemove(flow)} />
      </Table.Td>
    </Table.Tr>
  );
}
