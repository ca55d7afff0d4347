import { RecordError } from '#dataflow';

/** An element of an answer: its name and what stands in it. */
export interface XmlElement {
  name: string;
  text: string;
  children: XmlElement[];
}

/** What the platform answers to one action of a call. */
export interface ActionAnswer {
  /** What stands in RESULT. */
  result: XmlElement;
  /** Why the action was refused; undefined when it happened. */
  fault: { text: string; code: number | undefined } | undefined;
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };
/** XML 1.0, production 2: what no document can hold, escaped or not. */
const unsafe = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** An element around a text. Throws RecordError for a text that XML cannot hold. */
export function textElement(name: string, text: string, what = name): string {
  if (unsafe.test(text))
    throw new RecordError(
      `${what} holds a character that XML cannot carry (a control character or half a character). Remove it with field.replace.`,
      {
        code: 'invalidRecord',
      },
    );
  return `<${name}>${text.replace(/[&<>\r]/g, (letter) => escapes[letter] ?? letter)}</${name}>`;
}

/** An element around others, which are XML already. */
export const element = (name: string, ...children: string[]): string => `<${name}>${children.join('')}</${name}>`;

/** The body of a call; several actions in one envelope are done in their order. */
export const envelope = (actions: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>${element('Envelope', element('Body', ...actions))}`;

/** The answers of an envelope, in the order of the actions; undefined when the text is none. */
export async function readEnvelope(text: string): Promise<ActionAnswer[] | undefined> {
  // No answer has a document type, and entities of its own are a way to do harm.
  if (/<!DOCTYPE/i.test(text)) return undefined;
  const { XMLParser } = await import('fast-xml-parser');
  let root: XmlElement[];
  try {
    const parser = new XMLParser({
      preserveOrder: true,
      ignoreAttributes: true,
      htmlEntities: true,
      ignoreDeclaration: true,
      parseTagValue: false,
    });
    root = (parser.parse(text) as RawNode[]).flatMap(elementOf);
  } catch {
    return undefined;
  }
  const body = childOf(childOf({ name: '', text: '', children: root }, 'Envelope'), 'Body');
  if (!body) return undefined;
  const answers: ActionAnswer[] = [];
  for (const child of body.children) {
    const last = answers.at(-1);
    if (child.name === 'RESULT')
      answers.push({ result: child, fault: succeeded(child) ? undefined : { text: 'no reason is given', code: undefined } });
    // The fault of an action stands behind its result.
    else if (child.name === 'Fault' && last) last.fault = faultOf(child);
    else if (child.name === 'Fault') answers.push({ result: { name: 'RESULT', text: '', children: [] }, fault: faultOf(child) });
  }
  return answers.length === 0 ? undefined : answers;
}

/** The first child of that name. */
export const childOf = (parent: XmlElement | undefined, name: string): XmlElement | undefined =>
  parent?.children.find((child) => child.name === name);

/** The text of the first child of that name; undefined when it is missing or empty. */
export const textIn = (parent: XmlElement | undefined, name: string): string | undefined => childOf(parent, name)?.text.trim() || undefined;

const succeeded = (result: XmlElement): boolean => /^(?:true|success)$/i.test(textIn(result, 'SUCCESS') ?? '');

function faultOf(fault: XmlElement): { text: string; code: number | undefined } {
  const id = Number(textIn(childOf(childOf(fault, 'detail'), 'error'), 'errorid'));
  return { text: textIn(fault, 'FaultString') ?? 'no reason is given', code: Number.isInteger(id) && id > 0 ? id : undefined };
}

type RawNode = { [name: string]: RawNode[] | string };

function elementOf(node: RawNode): XmlElement[] {
  return Object.entries(node).flatMap(([name, content]) => {
    if (typeof content === 'string') return [];
    const text = content.map((inner) => (typeof inner['#text'] === 'string' ? inner['#text'] : '')).join('');
    return [{ name, text, children: content.flatMap(elementOf) }];
  });
}
