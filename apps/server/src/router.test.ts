import { createTRPCClient, httpBatchLink } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from './app.ts';
import { type AppRouter, appRouter } from './router.ts';
import { SITE, startTestServer, type TestServer } from './testing/test-server.ts';
import { openAuth } from './users/auth.ts';
import { mayActAs, roles } from './users/roles.ts';

interface Declared {
  _def: { type: 'query' | 'mutation' | 'subscription'; meta?: { role?: string } };
}

/** Every route of an Express router and of those inside it. Procedures stand behind one address and are walked by themselves. */
function addressesOf(router: { stack: readonly object[] }): string[] {
  return router.stack.flatMap((layer) => {
    const { route, handle } = layer as { route?: { path: unknown }; handle: { stack?: readonly object[] } };
    if (route) return [String(route.path)];
    return handle.stack ? addressesOf({ stack: handle.stack }) : [];
  });
}

const procedures = Object.entries(appRouter._def.procedures as unknown as Record<string, Declared>);

describe('who may call what', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.stop());

  const call = (path: string, type: Declared['_def']['type'], headers: Record<string, string> = {}) =>
    type === 'mutation'
      ? fetch(`${server.url}/api/trpc/${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' })
      : fetch(`${server.url}/api/trpc/${path}?input=%7B%7D`, { headers });

  it('has procedures, and each declares a role', () => {
    expect(procedures.length).toBeGreaterThan(15);
    for (const [path, { _def }] of procedures) expect([path, roles.some((role) => role === _def.meta?.role)]).toEqual([path, true]);
  });

  it('refuses every procedure to those who are not signed in', async () => {
    for (const [path, { _def }] of procedures) {
      const response = await call(path, _def.type);
      expect([path, (await response.text()).includes('UNAUTHORIZED')]).toEqual([path, true]);
    }
  });

  it.each(roles)('lets a %s call exactly what its role allows', async (role) => {
    const cookie = await server.signIn(role);
    for (const [path, { _def }] of procedures) {
      const text = await (await call(path, _def.type, { cookie })).text();
      const needed = roles.find((one) => one === _def.meta?.role) ?? 'admin';
      expect([path, text.includes('FORBIDDEN'), text.includes('UNAUTHORIZED')]).toEqual([path, !mayActAs(role, needed), false]);
    }
  });

  it('knows every address of the server: open to all, or guarded by what is behind it', () => {
    const { services, env } = server;
    const auth = openAuth({ ...services, env });
    expect(addressesOf(createApp({ services, auth, env }).router)).toEqual([
      // Open: they tell nothing, or are the program's own files.
      '/healthz',
      '/readyz',
      // Guarded by the sign-in library; nobody can sign up.
      '/api/auth/{*any}',
      // Open: the description of the API. The methods ask for a user key; idx/http/routes.test.ts walks them.
      '/idx.openapi.json',
      '/^\\/idx\\.[\\w.]*$/i',
      // Open: the studio’s files.
      '/{*page}',
    ]);
  });

  it('refuses what a page of another site sends in a person’s name', async () => {
    const cookie = await server.signIn('admin');
    for (const headers of [{ origin: 'https://elsewhere.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
      const response = await call('dataflows.remove', 'mutation', { cookie, ...headers } as Record<string, string>);
      expect(response.status).toBe(403);
    }
    const own = await call('dataflows.check', 'mutation', { cookie, origin: server.url });
    expect(own.status).toBe(400);
  });

  it('answers the batched calls of the studio’s client', async () => {
    const link = httpBatchLink({ url: `${server.url}/api/trpc`, headers: { cookie: await server.signIn('viewer') } });
    const client = createTRPCClient<AppRouter>({ links: [link] });
    const [me, { items }] = await Promise.all([client.session.me.query(), client.dataflows.list.query({ apiKey: SITE.apiKey })]);
    expect(me).toMatchObject({ user: { email: 'viewer@example.com', role: 'viewer' }, sites: [{ apiKey: SITE.apiKey, name: SITE.name }] });
    expect(items).toEqual([]);
  });

  it('lets nobody sign up', async () => {
    const response = await fetch(`${server.url}/api/auth/sign-up/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: server.url },
      body: JSON.stringify({ email: 'new@example.com', password: 'a long password', name: 'New', role: 'admin' }),
    });
    expect(response.ok).toBe(false);
    expect(await server.services.prisma.user.count({ where: { email: 'new@example.com' } })).toBe(0);
  });

  it('tells nothing of its inside when something breaks', async () => {
    const cookie = await server.signIn('viewer');
    const input = encodeURIComponent(JSON.stringify({ apiKey: 'nul \u0000 byte' }));
    const response = await fetch(`${server.url}/api/trpc/dataflows.list?input=${input}`, { headers: { cookie } });
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('Something went wrong on the server.');
  });
});
