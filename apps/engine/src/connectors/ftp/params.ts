import { z } from 'zod';
import { secret } from '#dataflow';
import { hostFault, none } from '../endpoint.ts';
import type { FtpSettings } from './settings.ts';

const fingerprint = /^(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){31})$/;

/** PEM text that is given plain or as base64 of it. */
const pemText = (given: string): string => (given.includes('-----BEGIN') ? given : Buffer.from(given, 'base64').toString('utf8'));

/** Parameters by which a step reaches an FTP server. */
export const ftpParams = {
  host: z
    .string()
    .min(1)
    .superRefine(none(hostFault))
    .meta({ title: 'Host', help: 'Name or address of the server.', examples: ['ftp.example.com'], source: 'doc' }),
  port: z
    .int()
    .min(1)
    .max(65_535)
    .optional()
    .meta({ title: 'Port', help: 'Port of the server; 21 when not given, with implicit TLS 990.', examples: [21, 990], source: 'choice' }),
  username: z
    .string()
    .min(1)
    .meta({ title: 'User name', help: 'Whom to log in as.', examples: ['etl', 'anonymous'], source: 'doc' }),
  password: secret().optional().meta({ secret: true, title: 'Password', help: 'Not needed for anonymous servers.', source: 'doc' }),
  security: z.enum(['none', 'explicit', 'implicit']).default('none').meta({
    title: 'Encryption',
    help: 'explicit: FTPS, encrypted after AUTH TLS; implicit: FTPS, encrypted from the first byte; none: plain FTP, which shows password and files to everybody on the way.',
    source: 'choice',
  }),
  timeout: z.int().min(10).max(120).default(60).meta({
    title: 'Timeout',
    help: 'How long to wait for the connection and for each answer of the server.',
    unit: 'seconds',
    advanced: true,
    source: 'choice',
  }),
  certificateAuthority: z
    .string()
    .refine((text) => pemText(text).includes('-----BEGIN CERTIFICATE-----'), 'A certificate in PEM form is needed, or base64 of it.')
    .optional()
    .meta({
      title: 'Certificate authority',
      multiline: true,
      onlyWith: { security: ['explicit', 'implicit'] },
      help: 'PEM text (or base64 of it) of the authority that signed the certificate of the server, or of a self-signed certificate itself. The well-known authorities are known anyway.',
      advanced: true,
      source: 'choice',
    }),
  certificateSha256: z
    .string()
    .regex(fingerprint, 'A SHA-256 fingerprint of 64 hex digits is needed, with or without colons.')
    .optional()
    .meta({
      title: 'Certificate fingerprint',
      onlyWith: { security: ['explicit', 'implicit'] },
      help: 'SHA-256 of the only certificate to accept, whoever signed it, as openssl x509 -fingerprint -sha256 prints it.',
      advanced: true,
      source: 'choice',
    }),
};

export type FtpParams = z.output<z.ZodObject<typeof ftpParams>>;

export const ftpSettings = ({ timeout, port, certificateAuthority, ...params }: FtpParams): FtpSettings => ({
  ...params,
  port: port ?? (params.security === 'implicit' ? 990 : 21),
  certificateAuthority: certificateAuthority === undefined ? undefined : pemText(certificateAuthority),
  timeoutMs: timeout * 1000,
});
