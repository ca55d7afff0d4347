import { createHmac } from 'node:crypto';

export interface SignedPlace {
  /** Address of the blob service; an emulator has the account in its path. */
  endpoint: string;
  accountName: string;
  /** Base64, as the portal shows it. */
  accountKey: string;
  container: string;
  /** For one blob; the whole container when not given. */
  blob?: string;
  /** Letters, in the order racwdl. */
  rights: string;
  ends: Date;
}

const version = '2020-12-06';

/** The address of a container or blob with a service SAS, made as "Create a service SAS" tells for version 2020-12-06. */
export function signedAddress({ endpoint, accountName, accountKey, container, blob, rights, ends }: SignedPlace): string {
  const name = blob === undefined ? container : `${container}/${blob}`;
  const resource = blob === undefined ? 'c' : 'b';
  const expiry = ends.toISOString().replace(/\.\d+/, '');
  const [start, identifier, address, protocol, snapshot, scope] = ['', '', '', '', '', ''];
  const responseHeaders = ['', '', '', '', ''];
  const toSign = [
    rights,
    start,
    expiry,
    `/blob/${accountName}/${name}`,
    identifier,
    address,
    protocol,
    version,
    resource,
    snapshot,
    scope,
    ...responseHeaders,
  ].join('\n');
  const signature = createHmac('sha256', Buffer.from(accountKey, 'base64')).update(toSign).digest('base64');
  const query = new URLSearchParams({ sv: version, se: expiry, sr: resource, sp: rights, sig: signature });
  return `${endpoint.replace(/\/+$/, '')}/${name}?${query}`;
}
