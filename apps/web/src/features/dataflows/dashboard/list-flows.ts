import type { DataflowRow } from '../../../lib/api.ts';
import { type FlowHealth, flowHealth, type HealthKind } from './flow-health.ts';

export interface ListedFlow {
  flow: DataflowRow;
  health: FlowHealth;
}

/** What the list shows and in which order; kept in the address. */
export const listDefaults = { q: '', show: 'all', sort: 'name', order: 'asc' };
export type ListState = typeof listDefaults;

/** Worst first, so that sorting by health puts what needs a person on top. */
const severity: HealthKind[] = ['failing', 'losing', 'draft', 'stopped', 'running', 'never', 'healthy'];

const shows: Record<string, (kind: HealthKind) => boolean> = {
  all: () => true,
  attention: (kind) => kind === 'failing' || kind === 'losing' || kind === 'draft',
  running: (kind) => kind === 'running',
  healthy: (kind) => kind === 'healthy',
  never: (kind) => kind === 'never',
};

const textOrder = new Intl.Collator('en', { sensitivity: 'base', numeric: true });

const orders: Record<string, (a: ListedFlow, b: ListedFlow) => number> = {
  name: (a, b) => textOrder.compare(a.flow.name, b.flow.name),
  health: (a, b) => severity.indexOf(a.health.kind) - severity.indexOf(b.health.kind),
  lastRun: (a, b) => (a.flow.lastRuntime ?? '').localeCompare(b.flow.lastRuntime ?? ''),
  nextRun: (a, b) => (a.flow.nextRun ?? '9').localeCompare(b.flow.nextRun ?? '9'),
};

const matches = ({ name, description, outline, id }: DataflowRow, words: string[]) => {
  const text = `${name} ${description} ${outline} ${id}`.toLowerCase();
  return words.every((word) => text.includes(word));
};

/** The flows that fit search and filter, in order; ties go by name. */
export function listFlows(flows: readonly DataflowRow[], { q, show, sort, order }: ListState): ListedFlow[] {
  const words = q.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = shows[show] ?? (() => true);
  const compare = orders[sort] ?? textCompare;
  const sign = order === 'desc' ? -1 : 1;
  return flows
    .filter((flow) => matches(flow, words))
    .map((flow) => ({ flow, health: flowHealth(flow) }))
    .filter(({ health }) => fits(health.kind))
    .sort((a, b) => sign * compare(a, b) || textCompare(a, b));
}

const textCompare = (a: ListedFlow, b: ListedFlow) => textOrder.compare(a.flow.name, b.flow.name);

/** How many flows each filter would show, for the numbers beside them. */
export function countByShow(flows: readonly DataflowRow[]): Record<string, number> {
  const kinds = flows.map((flow) => flowHealth(flow).kind);
  return Object.fromEntries(Object.entries(shows).map(([show, fits]) => [show, kinds.filter(fits).length]));
}
