import { Skeleton } from '@mantine/core';

export function JobSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton height={120} mb="md" />
      <Skeleton height={280} mb="md" />
      <Skeleton height={200} />
    </div>
  );
}
