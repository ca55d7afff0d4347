import { z } from 'zod';
import { type KeyKind, keyTextFault } from './key-text.ts';

/** A PGP key as a parameter, checked for what can be seen without decoding it. */
export const pgpKey = (kind: KeyKind) =>
  z
    .string()
    .min(1)
    .superRefine((text, issues) => {
      const message = keyTextFault(text, kind);
      if (message) issues.addIssue({ code: 'custom', message });
    });
