import type { Json, JsonObject } from '../json.ts';
import type { Person } from './person.ts';
import { consentsOf, dataOf } from './site-fields.ts';
import { interests, streets } from './words.ts';

/** The top-level fields of a generated account, in order. `undefined` leaves the field out. */
export const accountFields: Readonly<Record<string, (person: Person) => Json | undefined>> = {
  UID: (person) => person.uid,
  created: ({ createdText }) => createdText,
  createdTimestamp: ({ times }) => times.created,
  registered: ({ createdText }) => createdText,
  registeredTimestamp: ({ times }) => times.created,
  lastUpdated: ({ times }) => iso(times.lastUpdated),
  lastUpdatedTimestamp: ({ times }) => times.lastUpdated,
  oldestDataUpdated: ({ createdText }) => createdText,
  oldestDataUpdatedTimestamp: ({ times }) => times.created,
  lastLogin: ({ times }) => (times.lastLogin === undefined ? undefined : iso(times.lastLogin)),
  lastLoginTimestamp: ({ times }) => times.lastLogin,
  verified: ({ isVerified, times }) => (isVerified ? iso(times.created + 60_000) : undefined),
  verifiedTimestamp: ({ isVerified, times }) => (isVerified ? times.created + 60_000 : undefined),
  isActive: (person) => !person.dice(20).chance(0.02),
  isRegistered: () => true,
  isVerified: ({ isVerified }) => isVerified,
  isLockedOut: () => false,
  loginProvider: () => 'site',
  socialProviders: () => 'site',
  regSource: (person) => `https://www.example.com/${person.dice(21).pick(['register', 'checkout', 'newsletter'])}`,
  lang: ({ place }) => place[4],
  loginIDs: loginIdsOf,
  emails: ({ email, isVerified }) => ({ verified: email && isVerified ? [email] : [], unverified: email && !isVerified ? [email] : [] }),
  profile: profileOf,
  data: dataOf,
  subscriptions: subscriptionsOf,
  preferences: consentsOf,
};

function iso(time: number): string {
  return new Date(time).toISOString();
}

function loginIdsOf({ email, username, isVerified }: Person): JsonObject {
  return {
    ...(username === undefined ? {} : { username }),
    emails: email && isVerified ? [email] : [],
    unverifiedEmails: email && !isVerified ? [email] : [],
  };
}

function profileOf(person: Person): JsonObject {
  const dice = person.dice(30);
  const [city, state, country, zip, locale] = person.place;
  const birthYear = 1940 + dice.below(66);
  const hasBirthday = dice.chance(0.7);
  const hasAddress = dice.chance(0.6);
  return {
    ...(person.email === undefined ? {} : { email: person.email }),
    ...(person.username === undefined ? {} : { username: person.username }),
    ...(dice.chance(0.95) ? { firstName: person.firstName } : {}),
    ...(dice.chance(0.95) ? { lastName: person.lastName } : {}),
    ...(dice.chance(0.2) ? { nickname: `${person.firstName} "${interests[dice.below(interests.length)]}"` } : {}),
    ...(dice.chance(0.6) ? { gender: dice.pick(['f', 'm', 'u']) } : {}),
    ...(hasBirthday ? { birthDay: 1 + dice.below(28), birthMonth: 1 + dice.below(12), birthYear, age: 2025 - birthYear } : {}),
    ...(hasAddress
      ? { address: `${1 + dice.below(199)} ${dice.pick(streets)}, ${city}`, state, zip: `${zip}${100 + dice.below(900)}` }
      : {}),
    city,
    country,
    locale,
    ...(dice.chance(0.4) ? { phones: [{ type: dice.pick(['mobile', 'home']), number: `+1555${1_000_000 + dice.below(9_000_000)}` }] } : {}),
  };
}

function subscriptionsOf(person: Person): JsonObject {
  const dice = person.dice(31);
  return {
    newsletter: { email: subscription(dice.chance(0.6), person) },
    ...(dice.chance(0.5) ? { offers: { email: { ...subscription(dice.chance(0.4), person), tags: [person.tier] } } } : {}),
  };
}

function subscription(isSubscribed: boolean, { createdText }: Person): JsonObject {
  return {
    isSubscribed,
    lastUpdatedSubscriptionState: createdText,
    doubleOptIn: { status: isSubscribed ? 'Confirmed' : 'NotConfirmed' },
  };
}
