import type { DataflowDocument, Issue } from '@idsync/engine/dataflow';
import type { Dataflow } from '@idsync/prisma/types';
import { checkText } from '../../dataflows/check-document.ts';
import { findDataflow } from '../../dataflows/find-dataflow.ts';
import { ApiError, type ValidationError } from '../api-error.ts';
import { withoutServerFields } from '../objects/dataflow-object.ts';
import type { CallContext } from './method.ts';

const MOST_TOLD = 50;

export interface DataflowData {
  /** As the client sent it, when it did. */
  id: string | undefined;
  /** Without what the server owns. */
  document: DataflowDocument;
  issues: Issue[];
}

/** Reads parameter `data` of a method that takes a dataflow. Throws ApiError 400006 for what is none. */
export function readDataflow(data: string): DataflowData {
  const { document, issues } = checkText(data);
  if (!document) throw refused(issues);
  return { id: document.id ?? undefined, document: withoutServerFields(document), issues };
}

export function requireName({ name }: DataflowDocument): void {
  if (!name?.trim())
    throw new ApiError(400006, 'Invalid argument: data; the dataflow needs a name.', [problem('name', 'The name is missing.')]);
}

/**
 * Refuses a graph that cannot be: unknown components, dangling ids, cycles. What is wrong with parameters only may be stored, because
 * clients create a dataflow first and fill in its secrets then.
 */
export function requireGraph(issues: readonly Issue[]): void {
  const faults = issues.filter((issue) => issue.severity === 'error' && !issue.field?.startsWith('params'));
  if (faults.length > 0) throw refused(faults);
}

export function refused(issues: readonly Issue[]): ApiError {
  const errors = issues.filter((issue) => issue.severity === 'error');
  const told = errors.slice(0, MOST_TOLD);
  const first =
    told.map(({ step, message, remedy }) => `${step === undefined ? '' : `step "${step}": `}${message} ${remedy}`)[0] ??
    'This is no dataflow.';
  return new ApiError(
    400006,
    `Invalid argument: data; ${first}`,
    told.map((issue) => problem(nameOf(issue), `${issue.message} ${issue.remedy}`)),
  );
}

/** `steps[<id>].params.host` */
const nameOf = ({ step, field }: Issue): string =>
  step === undefined ? 'data' : `steps[${step}]${field === undefined ? '' : `.${field}`}`;

const problem = (fieldName: string, message: string): ValidationError => ({ fieldName, message, errorCode: 400006 });

/** The row of a dataflow of the caller's site. Throws for one of another site as for one that is not there. */
export async function ownDataflow({ services, site }: CallContext, id: string): Promise<Dataflow> {
  const row = await findDataflow(services, id);
  if (row.apiKey !== site.apiKey) throw new ApiError(404000, `There is no dataflow ${id}. It may have been removed.`);
  return row;
}
