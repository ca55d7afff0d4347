import { compileGet, compileRemove, copyRecord, type DataRecord, type Json, RecordError } from '#dataflow';
import { flatFields } from '../flat-record.ts';
import { readFlag } from '../subscription-flag.ts';
import type { SilverpopList } from './client.ts';
import { element, textElement } from './envelope.ts';

export interface RecipientMapping {
  listId: string;
  newsletterField?: string | undefined;
  /** Columns that find a contact in a database without keys. */
  syncFields: readonly string[];
}

const IMPORTED = '0';
/** Also opts in a contact that is opted out. */
const OPTED_IN = '2';

/** Makes the actions of a contact: it is added or updated, and opted out when its flag says so. The function throws RecordError for a record that cannot be sent. */
export function recipientMaker(
  { listId, newsletterField, syncFields }: RecipientMapping,
  list: SilverpopList,
): (record: DataRecord) => string[] {
  const flagOf = newsletterField === undefined ? () => undefined : compileGet(newsletterField);
  const removeFlag = newsletterField === undefined ? undefined : compileRemove(newsletterField);
  const listElement = textElement('LIST_ID', listId);
  const finders = list.keys.length > 0 ? list.keys : syncFields;
  return (record) => {
    const wanted = readFlag(flagOf(record), newsletterField ?? '');
    const rest = copyRecord(record);
    removeFlag?.(rest);
    const values = flatFields(rest).map(([name, value]) => [columnName(name), textOf(value)] as const);
    const columns = values.map(([name, value]) => column('COLUMN', name, value));
    const found = finders.map((name) => finder(name, values));
    const add = element(
      'AddRecipient',
      listElement,
      element('CREATED_FROM', wanted ? OPTED_IN : IMPORTED),
      element('UPDATE_IF_FOUND', 'true'),
      ...(list.keys.length > 0 ? [] : [element('SYNC_FIELDS', ...found.map(([name, value]) => column('SYNC_FIELD', name, value)))]),
      ...columns,
    );
    return wanted === false ? [add, optOut(listElement, values, found)] : [add];
  };
}

type Value = readonly [name: string, value: string];

function optOut(listElement: string, values: readonly Value[], found: readonly Value[]): string {
  const [, address] = finder('EMAIL', values);
  const others = found.filter(([name]) => name.toUpperCase() !== 'EMAIL').map(([name, value]) => column('COLUMN', name, value));
  return element('OptOutRecipient', listElement, textElement('EMAIL', address), ...others);
}

function finder(name: string, values: readonly Value[]): Value {
  const found = values.find(([column]) => column === columnName(name));
  if (found && found[1] !== '') return found;
  throw new RecordError(`The record has no ${columnName(name)}, which finds the contact in the list.`, { code: 'invalidRecord' });
}

/** The one system column that is written in capitals; names of all others are case-sensitive. */
const columnName = (name: string): string => (name.toUpperCase() === 'EMAIL' ? 'EMAIL' : name);

const column = (tag: string, name: string, value: string): string =>
  element(tag, textElement('NAME', name, 'The name of a field'), textElement('VALUE', value, `The field ${name}`));

/** Yes/No columns take these words; an empty value clears. */
function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'boolean' ? (value ? 'Yes' : 'No') : String(value);
}
