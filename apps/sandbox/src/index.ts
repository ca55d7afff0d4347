export { demoSftp, demoSite } from './demo.ts';
export type { GigyaFault } from './gigya/faults.ts';
export { type GigyaOptions, type GigyaServer, startGigya } from './gigya/start-gigya.ts';
export type { SftpFault } from './sftp/faults.ts';
export { type SftpOptions, type SftpServer, startSftp } from './sftp/start-sftp.ts';
export type { SftpUser } from './sftp/users.ts';
export type { CaughtMessage } from './smtp/parse-message.ts';
export { type SmtpOptions, type SmtpServer, startSmtp } from './smtp/start-smtp.ts';
export { type Sandbox, type SandboxOptions, startSandbox } from './start-sandbox.ts';
