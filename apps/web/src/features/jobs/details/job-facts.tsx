import { Anchor, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { JobDetails } from '../../../lib/api.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { Time } from '../../../lib/time.tsx';
import { CopyId } from '../../../ui/copy-id.tsx';
import classes from './job-facts.module.css';

/** Every field of a job that the original console shows, and the few it does not. Times are UTC. */
export function JobFacts({ job }: { job: JobDetails }) {
  return (
    <section className={classes.facts} aria-label="Job details">
      <dl>
        <Fact label="Job ID" value={<CopyId id={job.id} what="job ID" />} wide />
        <Fact label="Data flow" wide>
          <Anchor component={Link} to={`/dataflows/${job.dataflowId}`}>
            {job.dataflowName}
          </Anchor>
          , version {job.dataflowVersion}
        </Fact>
        <Fact label="Data flow ID" value={<CopyId id={job.dataflowId} what="data flow ID" />} wide />
        <Fact label="Start time, UTC" value={job.startTime ? <Time iso={job.startTime} /> : 'not yet'} />
        <Fact label="End time, UTC" value={job.endTime ? <Time iso={job.endTime} /> : '–'} />
        <Fact label="Created, UTC" value={<Time iso={job.createTime} />} />
        <Fact label="Update time, UTC" value={<Time iso={job.updateTime} />} />
        <Fact label="Started by" value={job.createdByName} />
        <Fact label="Attempt number" value={job.attemptNumber} />
        <Fact label="Host name" value={job.hostName ?? 'none yet'} />
        <Fact label="Log level" value={job.logLevel} />
        <Fact label="Schedule ID" value={job.schedulingId ? <CopyId id={job.schedulingId} what="schedule ID" short /> : 'none'} />
        <Fact label="Schedule repeat" value="Once" hint="Started by a person, not by a schedule." />
        <Fact label="Max records" value={job.limit === null ? 'no limit' : formatCount(job.limit)} />
        <Fact label="Records pulled" value={job.fullExtract ? 'all' : 'changed since last run'} />
        <Fact label="E-mails on success" value="none" hint="Jobs started by a person send no mail." />
        <Fact label="E-mails on failure" value="none" hint="Jobs started by a person send no mail." />
      </dl>
    </section>
  );
}

interface FactProps {
  label: string;
  value?: ReactNode;
  children?: ReactNode;
  hint?: string;
  wide?: boolean;
}

function Fact({ label, value, children, hint, wide = false }: FactProps) {
  const shown = value ?? children;
  return (
    <div className={classes.fact} data-wide={wide || undefined}>
      <dt>{label}</dt>
      <dd>
        {hint ? (
          <Tooltip label={hint}>
            <span>{shown}</span>
          </Tooltip>
        ) : (
          shown
        )}
      </dd>
    </div>
  );
}
