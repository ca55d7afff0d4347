import type { Fault } from '#dataflow';

/** What can go wrong at every step that talks to the platform. */
export const gigyaFaults: readonly Fault[] = [
  {
    when: 'The user key, its secret or its private key is refused (403003, 403007, 403010, 403036 …)',
    effect: 'The job fails and names site and user key, never the secret.',
    remedy: 'Check API key, user key and secret of the site, and that the key may call the method.',
  },
  {
    when: 'Too many calls a second (403048)',
    effect: 'All calls of the step wait their turn with growing pauses, up to two minutes each.',
    remedy: 'Lower the parallel calls, or ask for a higher limit.',
  },
  {
    when: 'The platform is busy or fails (409030, 500001, 503001, 504001 …), or a connection breaks',
    effect: 'The call is repeated with growing pauses.',
    remedy: 'None needed for a short while; after that look at the platform’s status page.',
  },
  {
    when: 'The site lives in another data centre (301001)',
    effect: 'Calls go where the platform says; one call is lost on it.',
    remedy: 'Set the data centre of the site.',
  },
  {
    when: 'The data centre’s host does not exist, does not answer, or is not allowed by the operator',
    effect: 'The job fails and names the host.',
    remedy: 'Check the data centre, the network and the operator’s list of allowed addresses.',
  },
  {
    when: 'The clock of this machine is wrong (403002)',
    effect: 'Calls are signed by the platform’s clock from then on.',
    remedy: 'Set the clock.',
  },
];

/** The same, and what a search can meet. */
export const searchFaults: readonly Fault[] = [
  ...gigyaFaults,
  {
    when: 'The platform does not accept the field list or the condition (400006)',
    effect: 'The job fails with the platform’s words.',
    remedy: 'Mend the field list or the condition; the whole query stands in the trace.',
  },
  {
    when: 'More than five minutes pass between two pages, because later steps are slow',
    effect: 'The cursor expires (400006) and the job fails.',
    remedy: 'Make pages smaller, or let the slow step make more parallel calls.',
  },
];

/** The same, and what a call that writes one record can meet. */
export const writeFaults: readonly Fault[] = [
  ...gigyaFaults,
  {
    when: 'The platform refuses a record (400009 with its fields, 400003, 403043, 404003 …)',
    effect: 'The record goes to the error path with the platform’s code and text.',
    remedy: 'Mend the record and feed it in again.',
  },
  {
    when: 'A record meets a busy answer or a server error each time it is tried',
    effect: 'It goes to the error path once the tries are used up; the job goes on.',
    remedy: 'Feed it in again later.',
  },
];
