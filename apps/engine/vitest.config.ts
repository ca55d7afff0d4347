import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Real servers, real processes and two busy cores: a test that hangs is found, a slow one is not punished. Many tests wait
// for a server, so each core has a worker; the default leaves one core out, which of two is half.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 60_000, maxWorkers: availableParallelism() } });
