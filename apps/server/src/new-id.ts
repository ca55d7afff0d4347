import { randomUUID } from 'node:crypto';

/** 32 hexadecimal digits, as ids of dataflows and jobs look. */
export const newId = (): string => randomUUID().replaceAll('-', '');
