/** Runs the user's JavaScript for `record.evaluate`: in an isolate, in a process of its own, with JSON in and out. */
export { checkScript } from './check-script.ts';
export { openScript } from './script-session.ts';
export { type ScriptTest, type ScriptTestResult, testScript } from './test-script.ts';
export type * from './types.ts';
