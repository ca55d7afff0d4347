/** Canvas units; the grid everything snaps to, and the fixed size of a step card. */
export const grid = 16;
export const card = { width: 208, height: 80 } as const;
export const gap = { column: 64, row: 48 } as const;
/** Between columns where counts stand on the arrows. */
export const countedColumn = 96;

/** Below this zoom cards and labels show less, larger. */
export const farZoom = 0.8;

export const snap = (value: number): number => Math.round(value / grid) * grid;
