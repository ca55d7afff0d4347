import { Person } from '../population/person.ts';

/** One of the people a mailing platform's stand-in knows from its start. */
export interface MailingPerson {
  email: string;
  firstName: string;
  lastName: string;
  /** Milliseconds since 1970; all before 1 February 2024. */
  joined: number;
  changed: number;
}

const EPOCH = Date.UTC(2024, 1, 1);

/** The same people on every machine; `topic` makes those of one platform differ from those of another. */
export function mailingPeople(count: number, topic: number): MailingPerson[] {
  const world = { seed: topic, epoch: EPOCH, uidOf: (index: number) => `u${index}` };
  return Array.from({ length: count }, (_, index) => {
    const person = new Person(index, world);
    const { created, lastUpdated } = person.times;
    return {
      email: person.email ?? `member.${index}@example.com`,
      firstName: person.firstName,
      lastName: person.lastName,
      joined: created,
      changed: lastUpdated,
    };
  });
}
