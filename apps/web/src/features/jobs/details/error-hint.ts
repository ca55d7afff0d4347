/** What usually helps, by the code's family; the codes are those of the engine, which follows the Gigya REST API. */
const hints: [from: number, to: number, hint: string][] = [
  [400009, 400009, 'The target refused the record. Check required fields and formats in the step before it.'],
  [
    400010,
    400010,
    'The file does not have the shape the step expects. Compare its separator, quotes and columns with the step’s parameters.',
  ],
  [400011, 400011, 'An expression met a value it cannot work with. Guard it, e.g. for records without that field.'],
  [400012, 400012, 'The script threw. Use Test script in the studio with one of the failing records.'],
  [400013, 400013, 'The script used too much time or memory. Look for endless loops and for data that is kept between records.'],
  [400124, 400124, 'A limit of the platform was reached. Lower the number of connections or ask for a higher limit.'],
  [400000, 400999, 'Something in the input or the parameters is wrong. Open the step and check its parameters.'],
  [403005, 403005, 'The credentials were refused. Open the step, enter them again and test the connection.'],
  [403007, 403007, 'The operator of this server does not allow it. The message says which setting would.'],
  [403009, 403009, 'The server showed another host key than the one saved. Make sure it is the right server before you change the key.'],
  [403048, 403048, 'The platform throttled the calls. Lower maxConnections or the batch size.'],
  [403000, 403999, 'The other side refused the call. Check the permissions of the account that the step uses.'],
  [404000, 404999, 'What the step asked for does not exist: check folder, file name, id and site.'],
  [499000, 499999, 'The job was stopped before this was done.'],
  [503001, 503001, 'The server could not be reached. Check host, port and firewall, and that it runs.'],
  [500000, 503999, 'The other side or the engine met a fault. If it repeats, the trace has the details to report.'],
  [504000, 504999, 'The answer took too long. Raise the timeout of the step, or lower its batch size.'],
  [507000, 507999, 'The disk or the quota is full. Make room and run again.'],
];

/** A sentence on what to try first, or undefined for codes only the platform knows. */
export const errorHint = (code: number): string | undefined => hints.find(([from, to]) => code >= from && code <= to)?.[2];
