import classes from './run-bars.module.css';
import type { Tone } from './tone.ts';

export interface RunBar {
  key: string;
  value: number;
  tone: Tone;
  /** One run in words; shown when the pointer rests on its bar. */
  label: string;
}

const height = 28;

/** The last runs as bars, newest at the right. Heights go by the square root, so that a small run beside a large one is still seen. */
export function RunBars({ bars, slots = 20, label }: { bars: readonly RunBar[]; slots?: number; label: string }) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <svg
      className={classes.bars}
      viewBox={`0 0 ${slots * 6 - 2} ${height}`}
      width={slots * 6 - 2}
      height={height}
      role="img"
      aria-label={label}
    >
      <line x1={0} x2={slots * 6 - 2} y1={height - 0.5} y2={height - 0.5} className={classes.base} />
      {bars.slice(-slots).map((bar, index, shown) => {
        const tall = 4 + Math.sqrt(bar.value / most) * (height - 5);
        return (
          <rect
            key={bar.key}
            data-tone={bar.tone}
            x={(slots - shown.length + index) * 6}
            y={height - tall}
            width={4}
            height={tall}
            rx={1.5}
          >
            <title>{bar.label}</title>
          </rect>
        );
      })}
    </svg>
  );
}
