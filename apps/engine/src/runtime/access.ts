import { realpathSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import path from 'node:path';
import { type Access, FatalError } from '#dataflow';

/** The command line runs with the rights of whoever calls it: any path, taken from the current folder, and any address. */
export const openAccess = (currentFolder = process.cwd()): Access => ({
  localPath: (wanted) => path.resolve(currentFolder, wanted),
  address: () => {},
});

export interface AccessRules {
  /** Absolute folders that components may read and write below. */
  folders: readonly string[];
  /** Addresses or CIDR ranges allowed although they are private, e.g. `127.0.0.1`, `10.0.0.0/8`. */
  addresses: readonly string[];
}

/** A server's rules: nothing local but the named folders, nothing private but the named addresses. */
export function restrictedAccess({ folders, addresses }: AccessRules): Access {
  const allowed = new BlockList();
  for (const rule of addresses) add(allowed, rule);
  return {
    localPath: (wanted) => {
      const resolved = real(path.resolve(folders[0] ?? path.sep, wanted));
      if (folders.some((folder) => isInside(real(folder), resolved))) return resolved;
      throw new FatalError(
        `The folder ${wanted} is outside the folders this server lets dataflows use. Ask the operator to add it to IDSYNC_ALLOWED_FOLDERS.`,
        {
          code: 'notAllowed',
          details: { path: wanted },
        },
      );
    },
    address: (host, address) => {
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (!privateAddresses.check(address, family) || allowed.check(address, family)) return;
      throw new FatalError(
        `${host} is ${address}, a private address, which this server does not let dataflows reach. Ask the operator to add it to IDSYNC_ALLOWED_ADDRESSES.`,
        {
          code: 'notAllowed',
          details: { host, address },
        },
      );
    },
  };
}

/**
 * Loopback, link-local, private, shared, multicast and unspecified ranges (RFC 6890), and those whose addresses carry an IPv4
 * address that a gateway may unpack (RFC 3056, 4291, 4380, 6052, 8215); IPv4-mapped IPv6 is checked as IPv4 by BlockList.
 */
const privateAddresses = new BlockList();
for (const range of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
  '::/96',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '::ffff:0:0:0/96',
  '2001::/32',
  '2002::/16',
])
  add(privateAddresses, range);

function add(list: BlockList, rule: string): void {
  const [address = '', prefix] = rule.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (prefix === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(prefix), family);
}

const isInside = (folder: string, file: string) =>
  file === folder || file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);

/** The true path, symbolic links followed, also of a file that does not exist yet. */
function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    const parent = path.dirname(file);
    return parent === file ? file : path.join(real(parent), path.basename(file));
  }
}
