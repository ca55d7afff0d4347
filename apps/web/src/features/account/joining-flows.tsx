import classes from './sign-in-page.module.css';

/** The picture beside the form: many streams of records becoming one. Says nothing a reader of the page would miss. */
export function JoiningFlows() {
  const starts = [80, 190, 300, 410, 520];
  return (
    <div className={classes.picture} aria-hidden="true">
      <svg viewBox="0 0 640 600" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
        {starts.map((y, lane) => (
          <g key={y}>
            <path className={classes.stream} d={`M-40 ${y} H120 C 300 ${y} 280 300 440 300 H700`} />
            <path className={classes.records} data-lane={lane} d={`M-40 ${y} H120 C 300 ${y} 280 300 440 300 H700`} />
            <rect className={classes.step} x={84} y={y - 20} width={72} height={40} rx={8} />
          </g>
        ))}
        <rect className={classes.target} x={424} y={264} width={112} height={72} rx={12} />
        <path className={classes.tick} d="M464 300l12 12 22-24" />
      </svg>
    </div>
  );
}
