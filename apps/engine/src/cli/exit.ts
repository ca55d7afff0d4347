/** Exit codes of every command. */
export const EXIT = { succeeded: 0, failed: 1, invalid: 2 } as const;
