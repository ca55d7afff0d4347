import { generateKeyPairSync } from 'node:crypto';
import { type Component, copyRecord, type DataRecord, traitsOf } from '#dataflow';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

/** The params of a component's first example, with every host and address in them, given or not, turned to one place; keys that are read are real ones. */
export function paramsTowards(component: Component, host: string, port: number): DataRecord {
  const [example] = component.examples;
  const params = copyRecord(example?.params ?? {});
  for (const name of Object.keys(traitsOf(component).schema.properties ?? {})) {
    const given = params[name];
    if (name === 'host') params[name] = host.replace(/^\[|\]$/g, '');
    else if (name === 'port') params[name] = port;
    else if (name !== 'blobUri' && /(?:url|uri|endpoint|domain)$/i.test(name)) params[name] = `http://${host}:${port}${pathOf(given)}`;
  }
  if ('host' in params) return { ...params, password: 'p', privateKey: null, passphrase: null, security: null };
  if ('clientEmail' in params) params.privateKey = privateKey;
  return { ...params, ...('retryIntervalSeconds' in params ? { retryIntervalSeconds: 0 } : {}) };
}

const pathOf = (address: unknown): string =>
  typeof address === 'string' && URL.canParse(address.replace('<dc>', 'x')) ? new URL(address.replace('<dc>', 'x')).pathname : '';
