import { z } from 'zod';

/**
 * What a parameter says about itself beside its type. The form, the reference page, CLI help and masking read it;
 * it travels in the component's JSON Schema.
 */
export interface ParamMeta {
  title: string;
  /** One or two sentences behind the help mark. */
  help: string;
  /** Shown behind the input: `seconds`, `MB`. */
  unit?: string;
  examples?: (string | number | boolean)[];
  /** Folded away at first. */
  advanced?: boolean;
  /** Usually several lines, such as a key in PEM form or a template. */
  multiline?: boolean;
  /** Of use only while the parameters beside it have one of these values: `{ type: ['basic'] }`. Otherwise the form leaves it out, unless it is set. */
  onlyWith?: Record<string, string[]>;
  /** Encrypted at rest, read back as `********`, never shown in trace or errors. */
  secret?: boolean;
  /** A record field's path; the form offers the fields known upstream. */
  fieldPath?: boolean;
  /** Code editor in place of a text box. */
  language?: 'javascript' | 'jexl' | 'regex' | 'gigya-query';
  /** The stored text is base64 of UTF-8; the editor shows the plain text. */
  base64?: boolean;
  /** Older names of this parameter in stored flows. */
  formerly?: string[];
  /** May hold `${now}`, `${jobId}` …; `records`: also `${record.UID}`, `${records}`. */
  placeholders?: boolean | 'records';
  /** Blanks alone are a value, as of a separator; elsewhere they count as unset. */
  blanks?: boolean;
  /** Where the fact comes from: documented, observed in real flows, inferred, or our choice. */
  source?: 'doc' | 'obs' | 'inf' | 'choice';
}

declare module 'zod' {
  interface GlobalMeta {
    help?: string;
    unit?: string;
    advanced?: boolean;
    multiline?: boolean;
    onlyWith?: Record<string, string[]>;
    secret?: boolean;
    fieldPath?: boolean;
    language?: ParamMeta['language'];
    base64?: boolean;
    formerly?: string[];
    placeholders?: ParamMeta['placeholders'];
    blanks?: boolean;
    source?: ParamMeta['source'];
    /** On a parameter object: at least one of each group must be set. */
    requireOneOf?: string[][];
  }
}

/** The path of a record field: `profile.email`, or `'profile.email'` in apostrophes for one literal name. */
export const fieldPath = () => z.string().min(1).meta({ fieldPath: true });

/** A password, key or token. */
export const secret = () => z.string().min(1).meta({ secret: true });

/** A parameter object in which at least one parameter of each group must be set, e.g. password or privateKey. */
export const requireOneOf = <S extends z.ZodObject>(schema: S, ...groups: string[][]): S =>
  refineOneOf(schema, groups).meta({ requireOneOf: groups });

/** Adds the check of {@link requireOneOf} to any schema of an object; it runs even when other parameters are wrong. */
export const refineOneOf = <S extends z.ZodType>(schema: S, groups: readonly (readonly string[])[]): S =>
  groups.reduce<S>(
    (checked, group) =>
      checked.refine((params) => group.some((name) => (params as Record<string, unknown>)[name] !== undefined), {
        path: [group[0] ?? ''],
        message: `One of ${group.join(', ')} is needed.`,
        params: { requireOneOf: group },
        when: ({ value }) => typeof value === 'object' && value !== null,
      }),
    schema,
  );
