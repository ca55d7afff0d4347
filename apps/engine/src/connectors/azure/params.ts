import { z } from 'zod';
import { secret } from '#dataflow';
import { addressFault, none } from '../endpoint.ts';
import { fileSelectionParams } from '../file-selection-params.ts';

const isBase64 = (text: string): boolean => /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0;

/** Parameters by which a step reaches a container with the key of the storage account. */
export const azureKeyParams = {
  accountName: z
    .string()
    .regex(/^[a-z0-9]{3,24}$/, 'A storage account has a name of 3 to 24 lower-case letters and digits.')
    .meta({ title: 'Storage account', help: 'Name of the storage account.', examples: ['mycompanydata'], source: 'doc' }),
  accountKey: secret()
    .refine(
      isBase64,
      'An account key is base64 text, as the portal shows it under Access keys; this is none. Copy it whole, with the equals signs at its end.',
    )
    .meta({ secret: true, title: 'Account key', help: 'One of the two access keys of the storage account.', source: 'doc' }),
  container: z
    .string()
    .regex(
      /^(?:\$root|\$web|\$logs|[a-z0-9](?:-?[a-z0-9]){2,62})$/,
      'A container has a name of 3 to 63 lower-case letters, digits and single hyphens.',
    )
    .meta({ title: 'Container', help: 'Name of the container. It must exist.', examples: ['exports'], source: 'doc' }),
  endpoint: z
    .string()
    .superRefine(none(addressFault))
    .optional()
    .meta({
      title: 'Endpoint',
      help: 'Address of the blob service, for other clouds, private endpoints and emulators; https://<account>.blob.core.windows.net when not given.',
      examples: ['https://mycompanydata.blob.core.chinacloudapi.cn', 'http://127.0.0.1:10000/devstoreaccount1'],
      advanced: true,
      source: 'choice',
    }),
};

/** Parameters by which a step gets a signature from a broker. */
export const azureSasParams = {
  authenticationUrl: z
    .string()
    .superRefine(none(addressFault))
    .meta({
      title: 'Broker',
      help: 'Base address of the service that hands out signatures.',
      examples: ['https://sas.example.com'],
      source: 'doc',
    }),
  blobUri: z
    .string()
    .min(1)
    .meta({
      title: 'Path on the broker',
      help: 'Put behind the address of the broker.',
      examples: ['/api/sasstorage/create/'],
      source: 'doc',
    }),
  loginUrl: z
    .string()
    .superRefine(none(addressFault))
    .meta({
      title: 'Login',
      help: 'The OAuth 2.0 authority, https://login.microsoftonline.com/<tenant>, or the whole address of its token endpoint.',
      examples: ['https://login.microsoftonline.com/company.onmicrosoft.com'],
      source: 'doc',
    }),
  clientId: z.string().min(1).meta({ title: 'Client id', help: 'Application (client) id of the registered application.', source: 'doc' }),
  clientSecret: secret().meta({ secret: true, title: 'Client secret', help: 'Secret of that application.', source: 'doc' }),
  scope: z
    .string()
    .min(1)
    .optional()
    .meta({
      title: 'Scope',
      help: 'What the token is for: the broker, as registered, followed by /.default. When not given, the application itself.',
      examples: ['api://sas-broker/.default'],
      advanced: true,
      source: 'choice',
    }),
};

const prefixParam = (help: string, source: 'doc' | 'choice') =>
  z
    .string()
    .default('')
    .meta({ title: 'Prefix', help, examples: ['inbox/', `exports/\${now:yyyy-MM-dd}/`], placeholders: true, source });

/** What a reader takes; only the expression for names is documented, and for account keys the prefix. */
export const azureReadParams = (prefixSource: 'doc' | 'choice') => ({
  blobPrefix: prefixParam('Only blobs whose whole name begins so are read, in virtual folders too. Empty takes all.', prefixSource),
  ...fileSelectionParams('choice'),
  fileNameRegex: fileSelectionParams(prefixSource).fileNameRegex,
});

export const azureWriteParams = (source: 'doc' | 'choice') => ({
  blobPrefix: prefixParam('Put before the names of the files; with a slash at its end it is a virtual folder.', source),
});
