export type RefusalKind = 'bad-request' | 'not-found' | 'conflict' | 'forbidden';

/** A request that makes no sense or is not allowed. The message is meant for the person who asked. */
export class Refusal extends Error {
  readonly kind: RefusalKind;
  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.name = 'Refusal';
    this.kind = kind;
  }
}
