/** Two flows joining into one. Takes the size of its text. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" strokeLinecap="round" strokeWidth={2.6} aria-hidden="true">
      <path d="M2.5 6.5h2.8c4.4 0 4.4 5.5 8.8 5.5h4.4" stroke="var(--ids-accent)" />
      <path d="M2.5 17.5h2.8c2.9 0 3.9-2.4 5-4" stroke="var(--ids-warn-mark)" />
      <circle cx="20" cy="12" r="2.4" fill="var(--ids-accent)" />
    </svg>
  );
}
