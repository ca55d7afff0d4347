/** What tests of components need. Never imported by the product itself. */
export { conformanceRules } from './conformance/index.ts';
export { type FakeContextOptions, fakeContext, fakeJob, type LogEntry } from './fake-context.ts';
export { chunksOf, fileOf } from './file-of.ts';
export * as hostile from './hostile.ts';
export { leakCheck } from './leak-check.ts';
export { type ComponentRun, type OutputFile, type RunComponentOptions, runComponent } from './run-component.ts';
