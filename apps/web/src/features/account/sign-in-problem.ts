interface AuthProblem {
  status: number;
  message?: string | undefined;
  code?: string | undefined;
}

/** A refused sign-in in words that say what to do. */
export function signInProblem({ status, message, code }: AuthProblem): string {
  if (status === 429) return 'Too many attempts. Wait a minute, then try again.';
  if (status === 0 || status >= 500) return 'The server does not answer. Check that it runs, then try again.';
  if (status === 401 || code === 'INVALID_EMAIL_OR_PASSWORD') return 'This e-mail and password do not belong together. Check both.';
  return message ?? 'Signing in was refused.';
}
