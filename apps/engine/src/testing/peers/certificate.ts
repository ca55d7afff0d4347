import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export interface Certificate {
  certificate: string;
  key: string;
  /** SHA-256 as `openssl x509 -fingerprint` prints it. */
  sha256: string;
}

/** A self-signed certificate for 127.0.0.1 and localhost, made with openssl in a folder of its own; an expired one ended in 2021. */
export function selfSigned(folder: string, { expired = false } = {}): Certificate {
  mkdirSync(folder, { recursive: true });
  const at = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  writeFileSync(at('openssl.cnf'), config);
  writeFileSync(at('index.txt'), '');
  writeFileSync(at('serial'), `${createHash('sha256').update(folder).digest('hex').slice(0, 16)}\n`);
  openssl(
    'req',
    '-new',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=127.0.0.1',
    '-keyout',
    'key.pem',
    '-out',
    'request.pem',
    '-config',
    'openssl.cnf',
  );
  const dates = expired ? ['20200101000000Z', '20210101000000Z'] : ['20200101000000Z', '20991231000000Z'];
  const when = ['-startdate', dates[0] ?? '', '-enddate', dates[1] ?? ''];
  openssl(
    'ca',
    '-batch',
    '-notext',
    '-selfsign',
    '-config',
    'openssl.cnf',
    '-keyfile',
    'key.pem',
    '-in',
    'request.pem',
    '-out',
    'certificate.pem',
    ...when,
  );
  const certificate = readFileSync(at('certificate.pem'), 'utf8');
  return { certificate, key: readFileSync(at('key.pem'), 'utf8'), sha256: new X509Certificate(certificate).fingerprint256 };
}

const config = `
[req]
distinguished_name = name
[name]
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = extensions
unique_subject = no
[any]
commonName = supplied
[extensions]
subjectAltName = IP:127.0.0.1,DNS:localhost
basicConstraints = CA:true
`;
