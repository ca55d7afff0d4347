/**
 * Runs dataflows: plan, channels, accounting, trace. Knows the kinds and traits of components, never a component.
 *
 * A run is wired once (`wiring.ts`) into stages joined by bounded channels, and each stage is one loop (`run-*.ts`). The first
 * failure of a stage aborts all channels; every stage closes what it opened; nothing runs on after `runDataflow` has resolved.
 */
export { type AccessRules, openAccess, restrictedAccess } from './access.ts';
export { redactor } from './redact.ts';
export { type RunOptions, runDataflow } from './run-dataflow.ts';
