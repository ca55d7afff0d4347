import { runPrisma } from './run-prisma.ts';

/** `npm run build -w @idsync/prisma`: writes the typed client into generated/. */
await runPrisma(['generate']);
