import { initialize, TypeScriptWorker, type WorkerContext, type WorkerData } from 'monaco-editor/languages/features/typescript/ts.worker';
import { answerToWritten, toChecked, typesOf, withTypes } from './typed-script.ts';

type Method = (...args: unknown[]) => unknown;

/** Monaco's checker, except that it sees the types of a custom script's arguments; see {@link withTypes}. */
class ScriptWorker extends TypeScriptWorker {
  constructor(context: WorkerContext, data: WorkerData) {
    super(context, data);
    this._languageService = this.#translated(this._languageService);
  }

  override _getScriptText(fileName: string): string | undefined {
    const text = super._getScriptText(fileName);
    return text !== undefined && fileName.endsWith('.js') ? withTypes(text) : text;
  }

  /** The same service for those who count in the written text: places go in at the second and third argument, spans come out. */
  #translated(service: object): object {
    return new Proxy(service, {
      get: (target, name) => {
        const method: unknown = Reflect.get(target, name);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]): unknown => {
          const [fileName] = args;
          const written = typeof fileName === 'string' && fileName.endsWith('.js') ? super._getScriptText(fileName) : undefined;
          const added = written === undefined ? undefined : typesOf(written);
          if (!added) return (method as Method).apply(target, args);
          const places = args.map((arg, at) => ((at === 1 || at === 2) && typeof arg === 'number' ? toChecked(added, arg) : arg));
          return answerToWritten((method as Method).apply(target, places), added);
        };
      },
    });
  }
}

self.onmessage = () => initialize((context, data) => new ScriptWorker(context, data));
