import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import type { Access } from '#dataflow';
import { checkLiteralAddress, guardedLookup } from '../network.ts';
import type { S3Settings } from './settings.ts';

/** Where a bucket is looked for when nobody says its region; the answer names the right one. */
const FIRST_REGION = 'us-east-1';

/**
 * Amazon's client with everything it would otherwise take from the environment or files in the home folder set, and with
 * sockets whose addresses are checked. It repeats calls that failed for a passing reason.
 */
export function makeS3Client(settings: S3Settings, access: Access, region = settings.region ?? FIRST_REGION): S3Client {
  const { accessKey, secretKey, endpoint, timeoutMs, attempts = 6 } = settings;
  if (endpoint !== undefined) checkLiteralAddress(access, new URL(endpoint).hostname);
  const sockets = { keepAlive: true, maxSockets: 16, lookup: guardedLookup(access) };
  return new S3Client({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: endpoint !== undefined,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    requestHandler: {
      httpAgent: new HttpAgent(sockets),
      httpsAgent: new HttpsAgent(sockets),
      connectionTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    },
    maxAttempts: attempts,
    retryMode: 'standard',
    defaultsMode: 'standard',
    // The signature covers a hash of each body; servers other than Amazon's refuse the newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ignoreConfiguredEndpointUrls: true,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    useArnRegion: false,
    disableS3ExpressSessionAuth: false,
    authSchemePreference: [],
    sigv4aSigningRegionSet: [],
    userAgentAppId: 'idsync',
  });
}
