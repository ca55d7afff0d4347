import { findNodeAtLocation, type JSONPath, type Node } from 'jsonc-parser';
import type { Issue } from './issue.ts';
import type { Json } from './json.ts';

type Complain = (path: JSONPath, message: string, remedy: string) => void;

/** What keeps a JSON value from being a dataflow document at all. Empty when it is one. */
export function checkShape(value: Json, tree: Node): Issue[] {
  const issues: Issue[] = [];
  const complain: Complain = (path, message, remedy) => {
    const { offset, length } = findNodeAtLocation(tree, path) ?? findNodeAtLocation(tree, path.slice(0, -1)) ?? tree;
    const [, at, ...rest] = path;
    const id = typeof at === 'number' ? idOf(value, at) : undefined;
    const field = at === undefined ? path[0] : rest[0];
    issues.push({
      severity: 'error',
      code: 'not-a-dataflow',
      ...(id !== undefined && { step: id }),
      ...(field !== undefined && { field: String(field) }),
      message,
      remedy,
      offset,
      length,
    });
  };
  if (!isObject(value)) {
    complain([], 'A dataflow is a JSON object.', 'Wrap it: {"name": …, "steps": […]}.');
    return issues;
  }
  for (const name of ['id', 'name', 'description']) {
    if (!isTextOrNone(value[name])) complain([name], `The ${name} of a dataflow is a text.`, 'Put it into double quotes.');
  }
  if (!Array.isArray(value.steps)) complain(['steps'], 'A dataflow has a list of steps.', 'Add "steps": [ … ].');
  else for (const [i, step] of value.steps.entries()) checkStep(step, i, complain);
  return issues;
}

function checkStep(step: Json, i: number, complain: Complain): void {
  if (!isObject(step)) {
    complain(['steps', i], `Step ${i + 1} is not an object.`, 'Write {"id": …, "type": …, "params": {…}, "next": […]}.');
    return;
  }
  const label = typeof step.id === 'string' ? `Step ${step.id}` : `Step ${i + 1}`;
  for (const name of ['id', 'type']) {
    if (typeof step[name] !== 'string') complain(['steps', i, name], `${label} has no ${name}.`, `Add "${name}": "…".`);
  }
  if (step.params !== undefined && step.params !== null && !isObject(step.params)) {
    complain(['steps', i, 'params'], `${label}: params is not an object.`, 'Write "params": { … }.');
  }
  for (const name of ['next', 'error']) {
    const list = step[name];
    if (list === undefined || list === null || (Array.isArray(list) && list.every((id) => typeof id === 'string'))) continue;
    complain(['steps', i, name], `${label}: ${name} is not a list of step ids.`, `Write "${name}": ["…"].`);
  }
}

const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isTextOrNone = (value: Json | undefined) => value === undefined || value === null || typeof value === 'string';

function idOf(root: Json, i: number): string | undefined {
  const steps = isObject(root) ? root.steps : undefined;
  const step = Array.isArray(steps) ? steps[i] : undefined;
  return isObject(step) && typeof step.id === 'string' ? step.id : undefined;
}
