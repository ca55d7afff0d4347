/** How to reach one bucket of Amazon S3 or of a server that speaks its protocol. */
export interface S3Settings {
  bucket: string;
  accessKey: string;
  secretKey: string;
  /** Undefined: found out from the server. */
  region?: string | undefined;
  /** Base address of another server than Amazon's; the bucket then stands in the path. */
  endpoint?: string | undefined;
  /** For connecting and for silence. */
  timeoutMs: number;
  /** How often a call is made that fails for a passing reason; 6 when not given. */
  attempts?: number;
}

/** Where a bucket is, for texts. */
export const placeOf = ({ bucket, endpoint }: S3Settings): string => `s3://${bucket}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
