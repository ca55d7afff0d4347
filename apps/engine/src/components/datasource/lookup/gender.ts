import { z } from 'zod';
import { firstNames, type NameCount } from '#connectors/first-names/first-names.ts';
import { compileGet, compileSet, type DataRecord, defineLookup, fieldPath, RecordError } from '#dataflow';

/** Pseudo-counts that keep a name seen a few hundred times from giving a certainty. */
const PRIOR = 10;

export default defineLookup({
  type: 'datasource.lookup.gender',
  title: 'Guess gender',
  summary: 'Guesses the gender from a first name, with the probability of the guess.',
  notes: [
    'The guess is `m` or `f`, as `profile.gender` of an account has it, or `u` when the name is not known, missing, or the guess would be less probable than asked for. Its probability goes to a second field; null when the name is not known.',
    '',
    'The bundled table holds how often a name was given to girls and boys born in the United States from 1930 to 2013: 18,196 names, published by the Social Security Administration (public domain). Letter case and accents do not matter; of two names the first counts when both together are not known.',
    '',
    'A guess for targeting, not a fact about a person: do not write it to `profile.gender`. The original dropped the component from its later lists; its answer’s exact form is not known, so the two fields are our choice.',
  ].join('\n'),
  limits: [
    'Names as they are given in the United States: Andrea, Jean and Nicola are counted as female names there, and names written in other scripts are not known.',
    'What a person says of themselves may differ; nobody else can know.',
  ],
  params: z.object({
    firstNameField: fieldPath().meta({
      fieldPath: true,
      title: 'First name',
      help: 'The field with the first name.',
      examples: ['profile.firstName'],
      source: 'doc',
    }),
    targetField: fieldPath().meta({
      fieldPath: true,
      title: 'Target field',
      help: 'Receives the guess: m, f or u.',
      examples: ['data.guessedGender'],
      source: 'doc',
    }),
    probabilityField: fieldPath().optional().meta({
      fieldPath: true,
      title: 'Probability field',
      help: 'Receives the probability of the guess, 0.5 to 1; the target field with Probability behind it when not given.',
      advanced: true,
      source: 'choice',
    }),
    minProbability: z
      .number()
      .min(0.5)
      .max(1)
      .default(0.5)
      .meta({ title: 'Least probability', help: 'A guess that is less probable becomes u.', advanced: true, source: 'choice' }),
  }),
  examples: [
    {
      title: 'Guess from the profile',
      params: { firstNameField: 'profile.firstName', targetField: 'data.guessedGender' },
      input: [{ profile: { firstName: 'Natasha' } }, { profile: { firstName: 'Zzyzx' } }],
      output: [
        { profile: { firstName: 'Natasha' }, data: { guessedGender: 'f', guessedGenderProbability: 0.997 } },
        { profile: { firstName: 'Zzyzx' }, data: { guessedGender: 'u', guessedGenderProbability: null } },
      ],
    },
    {
      title: 'Only sure guesses',
      params: { firstNameField: 'name', targetField: 'gender', minProbability: 0.9 },
      input: [{ name: 'Robin' }, { name: 'JOSÉ' }],
      output: [
        { name: 'Robin', gender: 'u', genderProbability: 0.87 },
        { name: 'JOSÉ', gender: 'm', genderProbability: 0.993 },
      ],
    },
  ],
  async lookup(records, { params: { firstNameField, targetField, probabilityField, minProbability }, reject }) {
    const countOf = await firstNames();
    const name = compileGet(firstNameField);
    const setGuess = compileSet(targetField);
    const setProbability = compileSet(probabilityField ?? nextTo(targetField));
    return records.filter((record: DataRecord) => {
      const given = name(record);
      const guess = guessOf(typeof given === 'string' ? countOf(given) : undefined, minProbability);
      try {
        setGuess(record, guess.gender);
        setProbability(record, guess.probability);
        return true;
      } catch (thrown) {
        if (!(thrown instanceof RecordError)) throw thrown;
        reject(record, thrown);
        return false;
      }
    });
  },
});

function guessOf(count: NameCount | undefined, least: number): { gender: 'm' | 'f' | 'u'; probability: number | null } {
  if (!count) return { gender: 'u', probability: null };
  const female = (count.female + PRIOR / 2) / (count.female + count.male + PRIOR);
  const probability = Math.round(Math.max(female, 1 - female) * 1000) / 1000;
  if (probability < least || female === 0.5) return { gender: 'u', probability };
  return { gender: female > 0.5 ? 'f' : 'm', probability };
}

/** `data.guess` gives `data.guessProbability`, `'a.b'` gives `'a.bProbability'`. */
const nextTo = (path: string): string => (path.endsWith("'") ? `${path.slice(0, -1)}Probability'` : `${path}Probability`);
