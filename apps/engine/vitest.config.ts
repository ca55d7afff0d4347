import { defineConfig } from 'vitest/config';

// Real servers, real processes and two busy cores: a test that hangs is found, a slow one is not punished.
export default defineConfig({ test: { testTimeout: 120_000, hookTimeout: 60_000 } });
