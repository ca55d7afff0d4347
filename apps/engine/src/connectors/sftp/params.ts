import { z } from 'zod';
import { secret } from '#dataflow';
import { hostFault, none } from '../endpoint.ts';
import { fingerprintPattern } from './host-key.ts';
import type { SftpSettings } from './settings.ts';

/** Parameters by which a step reaches an SFTP server. One of password and privateKey is needed. */
export const sftpParams = {
  host: z
    .string()
    .min(1)
    .superRefine(none(hostFault))
    .meta({ title: 'Host', help: 'Name or address of the server.', examples: ['sftp.example.com'], source: 'doc' }),
  port: z.int().min(1).max(65_535).default(22).meta({ title: 'Port', help: 'Port of the server.', source: 'doc' }),
  username: z.string().min(1).meta({ title: 'User name', help: 'Whom to log in as.', source: 'doc' }),
  password: secret().optional().meta({ secret: true, title: 'Password', help: 'Either this or a private key is needed.', source: 'doc' }),
  privateKey: secret().optional().meta({
    secret: true,
    title: 'Private key',
    multiline: true,
    help: 'The SSH private key, as base64 of its file or as its text. OpenSSH, PEM and PuTTY forms are known.',
    source: 'doc',
  }),
  passphrase: secret().optional().meta({ secret: true, title: 'Passphrase', help: 'Opens the private key.', source: 'doc' }),
  timeout: z.int().min(10).max(120).default(60).meta({
    title: 'Timeout',
    help: 'How long to wait for the connection and for each answer of the server.',
    unit: 'seconds',
    advanced: true,
    source: 'doc',
  }),
  hostKeySha256: z
    .string()
    .regex(fingerprintPattern, 'A SHA-256 fingerprint is needed, as ssh-keygen -l prints it or as 64 hex digits.')
    .optional()
    .meta({
      title: 'Host key fingerprint',
      help: 'SHA-256 of the only host key to accept. Without it any key is accepted and its fingerprint is written to the trace.',
      examples: ['SHA256:lhF3jbg1H0eKxAyFdtbvDP6Mw3tCBqLlTGwTCmi7YiM'],
      advanced: true,
      source: 'choice',
    }),
};

export type SftpParams = z.output<z.ZodObject<typeof sftpParams>>;

export const sftpSettings = ({ timeout, ...params }: SftpParams): SftpSettings => ({ ...params, timeoutMs: timeout * 1000 });
