import { Router } from 'express';
import type { Pool } from '../storage/database.ts';

/** `/healthz`: the process answers. `/readyz`: it can also reach its database. */
export function healthRoutes(pool: Pool): Router {
  return Router()
    .get('/healthz', (_request, response) => {
      response.json({ status: 'ok' });
    })
    .get('/readyz', async (_request, response) => {
      const ready = await pool.query('SELECT 1').then(
        () => true,
        () => false,
      );
      response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'the database does not answer' });
    });
}
