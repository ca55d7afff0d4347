import type { JsonObject } from '../json.ts';

/** A refusal in the form of Cloud Storage's JSON API ("HTTP status and error codes for JSON"). */
export class GcsError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly location: JsonObject;

  constructor(status: number, reason: string, message: string, location: JsonObject = {}) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.location = location;
  }

  /** The body of the answer. */
  toJSON(): JsonObject {
    const { status, reason, message, location } = this;
    return { error: { code: status, message, errors: [{ message, domain: 'global', reason, ...location }] } };
  }
}

const header = (location: string): JsonObject => ({ locationType: 'header', location });

export const loginRequired = () =>
  new GcsError(401, 'required', 'Anonymous caller does not have access. Login Required.', header('Authorization'));
export const invalidCredentials = () => new GcsError(401, 'authError', 'Invalid Credentials', header('Authorization'));
export const forbidden = (email: string, permission: string) =>
  new GcsError(
    403,
    'forbidden',
    `${email} does not have ${permission} access to the Google Cloud Storage object. Permission '${permission}' denied on resource (or it may not exist).`,
  );
export const noBucket = () => new GcsError(404, 'notFound', 'The specified bucket does not exist.');
export const noObject = (bucket: string, name: string) => new GcsError(404, 'notFound', `No such object: ${bucket}/${name}`);
export const conditionNotMet = () =>
  new GcsError(412, 'conditionNotMet', 'At least one of the pre-conditions you specified did not hold.', header('If-Match'));
export const payerMissing = () => new GcsError(400, 'required', 'Bucket is a requester pays bucket but no user project provided.');
export const badRequest = (message: string) => new GcsError(400, 'invalid', message);
export const noSession = () => new GcsError(404, 'notFound', 'Upload session not found. It was completed, cancelled or never begun.');
