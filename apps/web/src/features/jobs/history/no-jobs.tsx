import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { EmptyState } from '../../../ui/empty-state.tsx';

interface NoJobsProps {
  filtered: boolean;
  dataflowId: string | undefined;
  onClear(): void;
}

export function NoJobs({ filtered, dataflowId, onClear }: NoJobsProps) {
  if (filtered) {
    return (
      <EmptyState
        title="No job fits"
        text="No job has this status and fits this query. Times in the query are UTC."
        action={
          <Button variant="default" onClick={onClear}>
            Show all jobs
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      title="Nothing has run yet"
      text="A job is one run of a data flow. Run test moves ten records, which is the quickest way to see whether a flow works; its log, counts and errors then stand here."
      action={
        <Button component={Link} to={dataflowId ? `/dataflows/${dataflowId}` : '/'}>
          {dataflowId ? 'Open the flow' : 'Go to the dataflows'}
        </Button>
      }
    />
  );
}
