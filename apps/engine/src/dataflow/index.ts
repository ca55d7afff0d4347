/**
 * The contract of the whole product: pure, browser-safe, depends on zod and jsonc-parser only.
 *
 * - **dataflow**: the saved graph; its **document** is the JSON people write, import and export.
 * - **step**: one use of a **component** (reader, lookup, transformer, writer), with id and params.
 * - **next / error**: the success and the error path out of a step; an **arrow** is one id in either list.
 * - **record**, **batch**, **file**: what flows along arrows.
 * - **connection**: an open way to a system; a **connector** knows how to open it.
 * - **job**: one run of one version of a dataflow; **attempt**: one try of it.
 * - **trace**: the job's log; **step metrics**, **errors**: its counts.
 * - **site**: the tenant that owns dataflows, known by its apiKey.
 */
export * from './base64-text.ts';
export * from './batch.ts';
export * from './catalogue.ts';
export * from './check.ts';
export * from './check-masks.ts';
export * from './column-changes.ts';
export * from './component.ts';
export { checkDatePattern, compileDateFormat, dateTokens, dayNames, monthNames } from './date-pattern.ts';
export * from './document.ts';
export { freeId } from './edit-steps.ts';
export * from './edits.ts';
export * from './errors.ts';
export * from './field-changes.ts';
export * from './field-moves.ts';
export * from './field-path.ts';
export * from './field-writes.ts';
export * from './file.ts';
export * from './first-window.ts';
export * from './graph.ts';
export * from './issue.ts';
export * from './job.ts';
export * from './json.ts';
export * from './json-lines.ts';
export * from './json-schema.ts';
export * from './keep-masked.ts';
export * from './locate-issues.ts';
export * from './outline.ts';
export * from './params.ts';
export * from './parse-document.ts';
export * from './placeholders.ts';
export * from './read-params.ts';
export * from './retry.ts';
export * from './secrets.ts';
export * from './state.ts';
export * from './traits.ts';
