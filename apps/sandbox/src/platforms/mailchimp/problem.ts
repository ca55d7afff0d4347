import type { Response } from 'express';

/** What is wrong with one field of a request. */
export interface FieldProblem {
  field: string;
  message: string;
}

/** An answer in Mailchimp's error format (RFC 7807), as its error glossary shows it. */
export function answerProblem(
  response: Response,
  status: number,
  { title, detail, errors }: { title: string; detail: string; errors?: readonly FieldProblem[] },
): void {
  response.status(status).type('application/problem+json; charset=utf-8');
  response.send(
    JSON.stringify({
      type: 'https://mailchimp.com/developer/marketing/docs/errors/',
      title,
      status,
      detail,
      instance: '00000000-0000-4000-8000-000000000000',
      ...(errors ? { errors } : {}),
    }),
  );
}

export const notFound = (response: Response): void =>
  answerProblem(response, 404, { title: 'Resource Not Found', detail: 'The requested resource could not be found.' });

export const invalidResource = (response: Response, errors: readonly FieldProblem[]): void =>
  answerProblem(response, 400, {
    title: 'Invalid Resource',
    detail: "The resource submitted could not be validated. For field-specific details, see the 'errors' array.",
    errors,
  });
