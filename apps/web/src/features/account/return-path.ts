/** The page to go back to after signing in. Only paths of this app: `//host` and full addresses lead home. */
export function returnPath(to: string | null): string {
  if (!to?.startsWith('/') || /^\/[/\\]/.test(to)) return '/';
  return to.startsWith('/sign-in') ? '/' : to;
}
