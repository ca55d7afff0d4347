import { type Connection, FatalError, RecordError } from '#dataflow';
import { httpUrl } from '../http.ts';
import { type ApiAnswer, openApi } from '../http-api.ts';
import type { Explanation } from '../http-refusal.ts';
import type { NetworkContext } from '../network.ts';
import { bearerToken } from '../oauth-token.ts';
import { type ActionAnswer, childOf, element, envelope, readEnvelope, textElement, textIn, type XmlElement } from './envelope.ts';

export interface SilverpopSettings {
  clientId: string;
  clientSecret: string;
  refreshToken: string;
  listId: string;
  podNumber: number;
  /** Instead of the address of the pod. */
  apiUrl?: string | undefined;
  /** Calls in flight at a time; the platform takes 10 for all that use the organization. */
  connections: number;
  timeoutMs: number;
}

/** What the platform tells of the list. */
export interface SilverpopList {
  name: string;
  contacts: number;
  columns: ReadonlySet<string>;
  /** Names of the columns that find a contact; empty for a flexible database. */
  keys: readonly string[];
}

export interface Silverpop extends Connection {
  /**
   * Makes actions, which are XML, in one call. Answers in their order. Throws RecordError when the platform refuses the call as a whole, and
   * as {@link openApi} says.
   */
  actions(actions: readonly string[]): Promise<ActionAnswer[]>;
  /** Makes an action that concerns the step and not a record: its result. A refusal is a FatalError. */
  result(action: string): Promise<XmlElement>;
  /** Asked for once. */
  list(): Promise<SilverpopList>;
}

/** Where the API of each pod is (developer.goacoustic.com, XML API overview). */
const regions: Record<number, string> = {
  1: 'us-1',
  2: 'us-2',
  3: 'us-3',
  4: 'us-4',
  5: 'us-5',
  6: 'eu-1',
  7: 'ap-2',
  8: 'ca-1',
  9: 'us-6',
};

/**
 * The XML API of Silverpop Engage, later IBM Watson Campaign Automation and Acoustic Campaign. Nothing is sent before the first call. From
 * developer.goacoustic.com/acoustic-campaign/reference: xml-api-overview, basics (limits), getting-started-with-oauth, faqs (form of faults),
 * get-database-details.
 */
export function openSilverpop(settings: SilverpopSettings, context: NetworkContext): Silverpop {
  const { clientId: client_id, clientSecret: client_secret, refreshToken: refresh_token, connections, timeoutMs } = settings;
  const base = httpUrl(settings.apiUrl ?? `https://api-campaign-${regions[settings.podNumber]}.goacoustic.com`, 'The API address');
  const at = base.href.replace(/\/+$/, '');
  const grant = { grant_type: 'refresh_token', client_id, client_secret, refresh_token };
  const authorization = bearerToken({ url: new URL(`${at}/oauth/token`), grant, timeoutMs }, context);
  const api = openApi(
    {
      baseUrl: new URL(`${at}/`),
      connections,
      timeoutMs,
      authorization,
      headers: { accept: 'text/xml' },
      isUnauthorized: (answer) => answer.status === 401 || isUnauthorized(answer),
      isSuccess: (answer) => answer.status >= 200 && answer.status < 300 && !isBusy(answer) && !isUnauthorized(answer),
      explain,
    },
    context,
  );
  const actions = async (all: readonly string[]): Promise<ActionAnswer[]> => {
    const body = { type: 'text/xml;charset=UTF-8', content: envelope(all) };
    const { text } = await api.call({ method: 'POST', path: 'XMLAPI', body });
    const answers = await readEnvelope(text);
    if (answers?.length === all.length) return answers;
    const fault = answers?.length === 1 ? answers[0]?.fault : undefined;
    if (fault) throw new RecordError(`Silverpop refused the call: ${faultText(fault)}`, { code: fault.code ?? 'targetRefused' });
    throw new FatalError(
      answers
        ? `Silverpop gave ${answers.length} answers to ${all.length} actions; which of them were done is not known. Run the job again.`
        : `${at}/XMLAPI answers with something that is no envelope of the XML API. Check podNumber and apiUrl.`,
      { code: 'targetRefused' },
    );
  };
  const result = async (action: string): Promise<XmlElement> => {
    const [answer] = await actions([action]);
    if (answer && !answer.fault) return answer.result;
    throw new FatalError(
      `Silverpop refused: ${answer?.fault ? faultText(answer.fault) : 'no answer'}. Check list id, columns and the rights of the user.`,
      {
        code: answer?.fault?.code ?? 'targetRefused',
      },
    );
  };
  let known: Promise<SilverpopList> | undefined;
  const list = async (): Promise<SilverpopList> => {
    known ??= result(element('GetListMetaData', textElement('LIST_ID', settings.listId))).then(readList);
    const asked = known;
    return asked.catch((thrown: unknown) => {
      if (known === asked) known = undefined;
      throw thrown;
    });
  };
  return {
    actions,
    result,
    list,
    async test() {
      const { name, contacts } = await list();
      return `List ${settings.listId} at ${base.host} is ${name}, with ${contacts} contacts.`;
    },
    async [Symbol.asyncDispose]() {
      await authorization[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

/** Text and number of a fault. */
export const faultText = ({ text, code }: NonNullable<ActionAnswer['fault']>): string =>
  `${text.replace(/\.$/, '')}${code === undefined ? '' : ` (error ${code})`}`;

function readList(result: XmlElement): SilverpopList {
  const names = (at: string) => (childOf(result, at)?.children ?? []).flatMap((column) => textIn(column, 'NAME') ?? []);
  return {
    name: textIn(result, 'NAME') ?? '',
    contacts: Number(textIn(result, 'SIZE') ?? 0),
    columns: new Set(names('COLUMNS')),
    keys: names('KEY_COLUMNS'),
  };
}

const faultStrings = ({ text }: ApiAnswer): string[] =>
  [...text.matchAll(/<FaultString>\s*(?:<!\[CDATA\[)?([^<\]]*)/gi)].map(([, said]) => said?.trim() ?? '');

/** Faults that pass; the platform tells no list of them. */
const busy = /concurrent|too many requests|try (?:your request )?again|temporarily|maintenance|timed? ?out|error saving row|unavailable/i;
const isBusy = (answer: ApiAnswer): boolean => faultStrings(answer).some((said) => busy.test(said));
const isUnauthorized = (answer: ApiAnswer): boolean =>
  /<errorid>\s*145\s*</.test(answer.text) ||
  faultStrings(answer).some((said) => /access token has expired|session has expired|invalid access token|not authenticated/i.test(said));

function explain(answer: ApiAnswer): Explanation | undefined {
  const said = faultStrings(answer);
  if (answer.status === 401 || isUnauthorized(answer))
    return {
      text: said[0] ?? answer.text,
      next: 'fail',
      remedy: 'Check clientId, clientSecret and refreshToken, and that they are of this pod.',
    };
  const passing = said.find((text) => busy.test(text));
  if (passing !== undefined) return { text: passing, next: 'repeat', throttled: true };
  if (answer.status === 404) return { text: said[0] ?? answer.text, next: 'fail', remedy: 'Check podNumber and apiUrl.' };
  return said[0] === undefined ? undefined : { text: said[0] };
}
