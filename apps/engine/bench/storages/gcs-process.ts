import { startGcs } from '@idsync/sandbox';

/** The sandbox's Google Cloud Storage in a process of its own: tells how it is reached, and stops when its parent lets go of it. */
const [bucket = 'large'] = process.argv.slice(2);
const server = await startGcs({ buckets: [bucket] });
process.send?.({ bucketName: bucket, endpoint: server.url, oauthEndpoint: server.tokenUrl, ...server.credentials('objectUser') });
process.once('disconnect', () => void server.stop());
