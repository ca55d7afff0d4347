/** How to reach and enter an FTP server. */
export interface FtpSettings {
  host: string;
  port: number;
  username: string;
  password?: string | undefined;
  /** `explicit`: TLS after AUTH TLS (RFC 4217); `implicit`: TLS from the first byte. */
  security: 'none' | 'explicit' | 'implicit';
  /** Certificates to trust beside the well-known authorities, PEM. */
  certificateAuthority?: string | undefined;
  /** SHA-256 of the only server certificate to accept, hex; takes the place of every other check. */
  certificateSha256?: string | undefined;
  /** How long to wait for an answer. */
  timeoutMs: number;
}
