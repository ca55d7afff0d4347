import { z } from 'zod';
import { secret } from '#dataflow';

/** How requests to any HTTP endpoint prove who sends them. */
export const httpCredentials = z
  .object({
    type: z.enum(['none', 'basic', 'bearer', 'apiKey']).default('none').meta({
      title: 'Kind',
      help: '`basic`: user name and password; `bearer`: a token; `apiKey`: a key in a header of its own.',
      source: 'choice',
    }),
    username: z.string().optional().meta({ title: 'User name', help: 'For `basic`.', source: 'choice' }),
    password: secret().optional().meta({ secret: true, title: 'Password', help: 'For `basic`.', source: 'choice' }),
    token: secret().optional().meta({ secret: true, title: 'Token or key', help: 'For `bearer` and `apiKey`.', source: 'choice' }),
    headerName: z
      .string()
      .default('X-API-Key')
      .meta({ title: 'Header', help: 'For `apiKey`: the header the key is sent in.', advanced: true, source: 'choice' }),
  })
  .superRefine(({ type, username, token }, check) => {
    const missing =
      type === 'basic' && username === undefined
        ? 'username'
        : (type === 'bearer' || type === 'apiKey') && token === undefined
          ? 'token'
          : undefined;
    if (missing)
      check.addIssue({
        code: 'custom',
        path: [missing],
        message: `The ${missing === 'token' ? 'token' : 'user name'} is missing; ${type} needs one.`,
      });
  });

/** The header that carries the credentials; none for `none`. */
export function credentialHeader({
  type,
  username = '',
  password = '',
  token = '',
  headerName,
}: z.output<typeof httpCredentials>): Record<string, string> {
  switch (type) {
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` };
    case 'bearer':
      return { authorization: `Bearer ${token}` };
    case 'apiKey':
      return { [headerName.toLowerCase()]: token };
    case 'none':
      return {};
  }
}
