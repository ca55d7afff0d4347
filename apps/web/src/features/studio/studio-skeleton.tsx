import { Skeleton } from '@mantine/core';
import classes from './studio-page.module.css';

/** The studio's shape while the flow is fetched. */
export function StudioSkeleton() {
  return (
    <section className={classes.studio} aria-busy="true" aria-label="Opening the dataflow">
      <div className={classes.skeletonBar}>
        <Skeleton width={240} height={20} />
        <Skeleton width={280} height={32} />
      </div>
      <div className={classes.body}>
        <div className={classes.skeletonSide}>
          {Array.from({ length: 9 }, (_, index) => (
            <Skeleton key={String(index)} height={32} />
          ))}
        </div>
      </div>
    </section>
  );
}
