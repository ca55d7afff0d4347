import { z } from 'zod';
import type { Services } from '../../services.ts';
import { storableText } from '../../storage/storable.ts';
import type { Role, SignedInUser } from '../../users/roles.ts';
import { ApiError } from '../api-error.ts';
import type { Caller } from '../auth/authenticate.ts';
import type { Parameters } from '../http/parameters.ts';

export interface CallContext {
  services: Services;
  site: Caller['site'];
  /** The user key in the place of a person. */
  user: SignedInUser;
}

/** One method of the API. Who may call it and what it takes and answers is told here only: checks, documentation and tests read it. */
export interface IdxMethod {
  name: `idx.${string}`;
  /** The least role of a user key that may call it. */
  role: Role;
  summary: string;
  /** Texts, as forms carry them. */
  params: z.ZodObject;
  /** What the answer has besides the envelope. */
  answer: z.ZodObject;
  call(context: CallContext, params: Parameters): Promise<object>;
}

interface Definition<P extends z.ZodObject, A extends z.ZodObject> {
  role: Role;
  summary: string;
  params: P;
  answer: A;
  run(context: CallContext, params: z.output<P>): Promise<z.input<A>>;
}

export const defineMethod = <P extends z.ZodObject, A extends z.ZodObject>(
  name: IdxMethod['name'],
  { run, ...told }: Definition<P, A>,
): IdxMethod => ({ name, ...told, call: (context, params) => run(context, readParams(told.params, params)) });

function readParams<P extends z.ZodObject>(shape: P, sent: Parameters): z.output<P> {
  const values = Object.fromEntries(Object.keys(shape.shape).map((name) => [name, sent.text(name)]));
  const read = shape.safeParse(values);
  if (read.success) return read.data;
  const missing = Object.keys(shape.shape).find((name) => values[name] === undefined && !shape.shape[name]?.safeParse(undefined).success);
  if (missing) throw new ApiError(400002, `Missing required parameter: ${missing}`);
  throw new ApiError(
    400006,
    `Invalid argument: ${read.error.issues.map((issue) => `${issue.path.join('.')}; ${issue.message}`).join(' ')}`,
  );
}

export const idParam = z.string().max(200).transform(storableText);
export const noFields = z.object({});
export const anyObject = z.record(z.string(), z.unknown());
