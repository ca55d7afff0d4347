import type { Issue, Step } from '@idsync/engine/dataflow';
import { type ComponentType, createContext, useContext } from 'react';

export interface ScriptEditorProps {
  step: Step;
  /** Plain source text. */
  source: string;
  onChange(source: string): void;
  onClose(): void;
}

/** What every input of a step's form may ask for. */
export interface FormContextValue {
  step: Step;
  issues: readonly Issue[];
  /** Fields known to arrive at the step. */
  fieldNames: readonly string[];
  scriptEditor: ComponentType<ScriptEditorProps>;
}

export const FormContext = createContext<FormContextValue | undefined>(undefined);

export function useForm(): FormContextValue {
  const form = useContext(FormContext);
  if (!form) throw new Error('This input stands outside the parameter form.');
  return form;
}

/** What is wrong at a path such as `params.host`, as one text. */
export function useFault(path: string): string | undefined {
  const { issues } = useForm();
  const here = issues.filter((issue) => issue.field === path);
  return here.length > 0 ? here.map((issue) => `${issue.message} ${issue.remedy}`).join(' ') : undefined;
}
