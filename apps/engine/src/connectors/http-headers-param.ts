import { z } from 'zod';

/** Further headers of each request of a step. */
export const httpHeaders = z
  .array(
    z.object({
      name: z
        .string()
        .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, 'This cannot be the name of a header.')
        .meta({ title: 'Name', help: 'Name of the header.' }),
      value: z
        .string()
        .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'The value of a header is one line.')
        .meta({ title: 'Value', help: 'Sent as it is; no secrets here.' }),
    }),
  )
  .default([])
  .meta({
    title: 'Headers',
    help: 'Further headers of each request. Keys and tokens belong into the authentication, which is kept secret.',
    source: 'choice',
  });

export const headersOf = (headers: z.output<typeof httpHeaders>): Record<string, string> =>
  Object.fromEntries(headers.map(({ name, value }) => [name.toLowerCase(), value]));
