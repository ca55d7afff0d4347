/** The credentials of the demo site. They open nothing but the sandbox, so they may stand here. */
export const demoSite = {
  apiKey: '4_demoSandboxSite0000001',
  userKey: 'ADemoUserKey01',
  secret: Buffer.from('identitysync-demo-secret').toString('base64'),
} as const;

/** The demo's SFTP login and the folders a fresh server has. */
export const demoSftp = {
  username: 'demo',
  password: 'demo-password',
  folders: ['/inbox', '/outbox'],
} as const;
