/** The type of a field; `email` is text that must look like an address, `list` an array. */
export type FieldType = 'string' | 'email' | 'integer' | 'float' | 'boolean' | 'list' | Schema;

/** Fields by name; `*` stands for every name that is not listed. */
export interface Schema {
  [name: string]: FieldType;
}

const profile: Schema = {
  email: 'email',
  username: 'string',
  firstName: 'string',
  lastName: 'string',
  nickname: 'string',
  gender: 'string',
  birthDay: 'integer',
  birthMonth: 'integer',
  birthYear: 'integer',
  age: 'integer',
  address: 'string',
  city: 'string',
  state: 'string',
  zip: 'string',
  country: 'string',
  locale: 'string',
  timezone: 'string',
  languages: 'string',
  bio: 'string',
  educationLevel: 'string',
  relationshipStatus: 'string',
  photoURL: 'string',
  thumbnailURL: 'string',
  profileURL: 'string',
  phones: 'list',
  likes: 'list',
  education: 'list',
  work: 'list',
};

const data: Schema = {
  crmId: 'string',
  source: 'string',
  newsletter: 'boolean',
  loyalty: { tier: 'string', points: 'integer', balance: 'float', memberSince: 'string' },
  interests: 'list',
  preferredStore: 'string',
  remark: 'string',
  children: 'list',
  closedReason: 'string',
};

/** The demo site's schema, by group of the account. */
export const siteSchema = {
  profile,
  data,
  subscriptions: { '*': { email: { isSubscribed: 'boolean', tags: 'list', lastUpdatedSubscriptionState: 'string' } } },
} satisfies Record<string, Schema>;
