/** Canvas units; the grid everything snaps to, and the fixed size of a step card. */
export const grid = 16;
export const card = { width: 240, height: 80 } as const;
export const gap = { column: 64, row: 48 } as const;

export const snap = (value: number): number => Math.round(value / grid) * grid;
