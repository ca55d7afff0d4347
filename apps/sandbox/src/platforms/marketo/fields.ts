import type { Json } from '../../json.ts';

/** A lead field as `describe` tells it; names are those of the REST API. */
export interface LeadField {
  name: string;
  displayName: string;
  dataType: 'string' | 'text' | 'email' | 'phone' | 'boolean' | 'integer' | 'datetime' | 'date';
  length?: number;
  readOnly?: boolean;
  /** Can find leads. */
  searchable?: boolean;
}

export const leadFields: readonly LeadField[] = [
  { name: 'id', displayName: 'Id', dataType: 'integer', readOnly: true, searchable: true },
  { name: 'createdAt', displayName: 'Created At', dataType: 'datetime', readOnly: true },
  { name: 'updatedAt', displayName: 'Updated At', dataType: 'datetime', readOnly: true },
  { name: 'email', displayName: 'Email Address', dataType: 'email', length: 255, searchable: true },
  { name: 'firstName', displayName: 'First Name', dataType: 'string', length: 255 },
  { name: 'lastName', displayName: 'Last Name', dataType: 'string', length: 255 },
  { name: 'phone', displayName: 'Phone Number', dataType: 'phone', length: 255 },
  { name: 'address', displayName: 'Address', dataType: 'text' },
  { name: 'city', displayName: 'City', dataType: 'string', length: 255 },
  { name: 'country', displayName: 'Country', dataType: 'string', length: 255 },
  { name: 'dateOfBirth', displayName: 'Date of Birth', dataType: 'date' },
  { name: 'unsubscribed', displayName: 'Unsubscribed', dataType: 'boolean' },
  { name: 'leadScore', displayName: 'Lead Score', dataType: 'integer' },
  { name: 'guid', displayName: 'GUID', dataType: 'string', length: 255, searchable: true },
  { name: 'gender', displayName: 'Gender', dataType: 'string', length: 255 },
];

export const fieldNamed = (name: string): LeadField | undefined => leadFields.find((field) => field.name === name);

/** What is wrong with a value for a field, as a reason of the platform. */
export function valueFault({ dataType, length }: LeadField, value: Json | undefined): { code: string; message: string } | undefined {
  if (value === null || value === undefined) return undefined;
  const wrong = {
    code: '1001',
    message: `Invalid value '${typeof value === 'object' ? JSON.stringify(value) : value}'. Required of type '${dataType}'`,
  };
  if (typeof value === 'object') return wrong;
  const text = String(value);
  if (dataType === 'boolean') return /^(?:true|false|0|1)$/i.test(text) ? undefined : wrong;
  if (dataType === 'integer') return /^-?\d{1,10}$/.test(text) ? undefined : wrong;
  if (dataType === 'date' || dataType === 'datetime') return Number.isNaN(Date.parse(text)) ? wrong : undefined;
  if (dataType === 'email' && text !== '' && !/^[^@\s]+@[^@\s]+$/.test(text)) return wrong;
  return length !== undefined && text.length > length ? { code: '1003', message: `Value of a field is longer than ${length}` } : undefined;
}
