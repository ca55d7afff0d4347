/** Counts calls by method and answers by errorCode. */
export class CallLog {
  readonly byMethod: Record<string, number> = {};
  readonly byErrorCode: Record<string, number> = {};

  called(method: string): void {
    this.byMethod[method] = (this.byMethod[method] ?? 0) + 1;
  }

  answered(errorCode: number): void {
    this.byErrorCode[errorCode] = (this.byErrorCode[errorCode] ?? 0) + 1;
  }
}
