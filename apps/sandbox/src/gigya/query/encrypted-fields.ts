const encrypted = new Set([
  'email',
  'profile.email',
  'profile.username',
  'loginIDs.username',
  'loginIDs.emails',
  'loginIDs.unverifiedEmails',
  'emails.verified',
  'emails.unverified',
]);

/** User names and mail addresses are stored encrypted: they know equality and CONTAINS with the full value, no order and no patterns. */
export function isEncrypted(path: string): boolean {
  return encrypted.has(path);
}
