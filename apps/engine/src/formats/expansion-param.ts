import { z } from 'zod';

/** Parameter of the components that uncompress. */
export const expansionParam = z.int().min(2).default(200).meta({
  title: 'Largest expansion',
  help: 'Guards against files made to fill a disk: how many times its own size a file may expand.',
  unit: 'times',
  advanced: true,
  source: 'choice',
});
