/** How to reach and enter an SFTP server. */
export interface SftpSettings {
  host: string;
  port: number;
  username: string;
  password?: string | undefined;
  /** PEM, OpenSSH or PuTTY text, or base64 of it. */
  privateKey?: string | undefined;
  passphrase?: string | undefined;
  /** How long to wait for an answer. */
  timeoutMs: number;
  /** SHA-256 of the only host key to accept: base64 as `ssh-keygen -l` prints it, or hex. Without it any host key is accepted. */
  hostKeySha256?: string | undefined;
}
