import { type DataRecord, pause, RecordError, retriedRead } from '#dataflow';
import type { NetworkContext } from '../network.ts';
import type { ActivityOutcome } from './activity.ts';
import type { ConstantContactList, ContactQuery } from './constant-contact.ts';

const OVERLAP_MS = 1000;
const LOOKS = 4;
const PAUSE_MS = 2000;

interface Import {
  /** Addresses of the import, in lower case. */
  addresses: readonly string[];
  listId: string;
  outcome: ActivityOutcome;
}

/**
 * Finds out which contacts of an import did not get into the list, because the platform only counts them: those of the list that
 * changed since the import are read, and each other one is looked up. Gives the reason by address. More missing than the platform
 * counted means that it does not show all of them yet; then it looks again.
 */
export async function missingContacts(
  connection: ConstantContactList,
  { addresses, listId, outcome }: Import,
  { signal, log }: NetworkContext,
): Promise<Map<string, RecordError>> {
  const read = (query: ContactQuery) => retriedRead(() => connection.contacts(query), { signal, log });
  const inList = new Set<string>();
  const since = outcome.created && new Date(outcome.created.getTime() - OVERLAP_MS).toISOString();
  let query: ContactQuery | undefined = { lists: listId, updated_after: since, limit: 500 };
  while (query) {
    const page = await read(query);
    for (const contact of page.contacts) inList.add(contactAddressOf(contact));
    query = page.next;
  }
  let open = addresses.filter((address) => !inList.has(address));
  for (let look = 1; ; look++) {
    const missing = new Map<string, RecordError>();
    for (const email of open) {
      const { contacts } = await read({ email, status: 'all', include: 'list_memberships' });
      const contact = contacts.find((one) => contactAddressOf(one) === email);
      if (!isMember(contact, listId)) missing.set(email, reasonOf(contact, outcome));
    }
    if (missing.size <= outcome.failed || look === LOOKS) return missing;
    open = [...missing.keys()];
    await pause(PAUSE_MS, signal);
  }
}

const mailOf = ({ email_address: mail }: DataRecord): DataRecord => (typeof mail === 'object' && mail !== null ? (mail as DataRecord) : {});

export const contactAddressOf = (contact: DataRecord): string => String(mailOf(contact).address).toLowerCase();

export const isMember = (contact: DataRecord | undefined, listId: string): boolean =>
  Array.isArray(contact?.list_memberships) && contact.list_memberships.includes(listId);

function reasonOf(contact: DataRecord | undefined, { messages }: ActivityOutcome): RecordError {
  if (contact && mailOf(contact).permission_to_send === 'unsubscribed') {
    const text = 'The contact has unsubscribed, so Constant Contact does not add it to the list (cannot_add_to_list).';
    return new RecordError(text, { code: 'targetRefused' });
  }
  const said = messages.length === 0 ? '' : ` Constant Contact says: ${messages.join('; ')}`;
  return new RecordError(`The import left the contact out.${said}`, { code: 'targetRefused' });
}
