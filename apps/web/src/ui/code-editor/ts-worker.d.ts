/** What this page uses of Monaco's checker, which ships without types. */
declare module 'monaco-editor/languages/features/typescript/ts.worker' {
  export type WorkerContext = object;
  export type WorkerData = object;
  export class TypeScriptWorker {
    constructor(context: WorkerContext, data: WorkerData);
    _languageService: object;
    _getScriptText(fileName: string): string | undefined;
  }
  export function initialize(create: (context: WorkerContext, data: WorkerData) => TypeScriptWorker): void;
}
