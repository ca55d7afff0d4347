import { createAuthClient } from 'better-auth/client';

/** Signs in and out; the session itself is a cookie that scripts cannot read. */
export const authClient = createAuthClient();
