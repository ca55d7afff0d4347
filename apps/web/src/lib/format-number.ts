const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** `12,345` */
export const formatCount = (value: number): string => whole.format(value);

/** `1.2M`, for places too small for all digits. */
export const formatShort = (value: number): string => (Math.abs(value) < 10_000 ? whole.format(value) : short.format(value));

/** `1 record`, `12 records`. */
export const countOf = (value: number, one: string, many = `${one}s`): string => `${formatCount(value)} ${value === 1 ? one : many}`;

/** Per second: whole above ten, else with one decimal: `1,240/s`, `0.4/s`. */
export function formatRate(perSecond: number): string {
  return perSecond >= 10 || perSecond === 0 ? `${formatCount(perSecond)}/s` : `${perSecond.toFixed(1)}/s`;
}

/** `37 %`; never 100 % before all is done, never 0 % once anything is. */
export function formatPercent(part: number, total: number): string {
  if (total <= 0) return '0 %';
  if (part >= total) return '100 %';
  const percent = Math.round((part / total) * 100);
  return `${part > 0 ? Math.min(99, Math.max(1, percent)) : 0} %`;
}
