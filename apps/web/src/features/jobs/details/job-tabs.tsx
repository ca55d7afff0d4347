import { Badge, Tabs } from '@mantine/core';
import type { JobDetails, NumberedTraceLine } from '../../../lib/api.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { isActive } from '../../../lib/job-outcome.ts';
import { useUrlState } from '../../../lib/url-state.ts';
import { Surface } from '../../../ui/surface.tsx';
import { ErrorTable } from './error-table.tsx';
import { StepMetricsTable } from './step-metrics-table.tsx';
import { TracePanel } from './trace-panel.tsx';

const tabDefaults = { tab: 'trace' };

export function JobTabs({ job, liveLines }: { job: JobDetails; liveLines: readonly NumberedTraceLine[] }) {
  const [{ tab }, setTab] = useUrlState(tabDefaults);
  const { errors, steps } = job.snapshot;
  const failures = errors.reduce((sum, group) => sum + group.count, 0);
  return (
    <Surface>
      <Tabs value={tab} onChange={(value) => setTab({ tab: value ?? 'trace' })} keepMounted={false}>
        <Tabs.List px="md" pt={4}>
          <Tabs.Tab value="trace">Trace</Tabs.Tab>
          <Tabs.Tab value="steps">Step metrics</Tabs.Tab>
          <Tabs.Tab
            value="errors"
            rightSection={
              failures > 0 && (
                <Badge size="sm" color="red" variant="light">
                  {formatCount(failures)}
                </Badge>
              )
            }
          >
            Errors
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="trace">
          <TracePanel jobId={job.id} active={isActive(job.status)} liveLines={liveLines} />
        </Tabs.Panel>
        <Tabs.Panel value="steps">
          <StepMetricsTable steps={steps} document={job.document} />
        </Tabs.Panel>
        <Tabs.Panel value="errors">
          <ErrorTable errors={errors} failedRecords={job.failedRecords} status={job.status} />
        </Tabs.Panel>
      </Tabs>
    </Surface>
  );
}
