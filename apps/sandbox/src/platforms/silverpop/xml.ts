import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** An element of a request. */
export interface XmlElement {
  name: string;
  text: string;
  children: XmlElement[];
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  htmlEntities: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  trimValues: false,
});

type RawNode = { [name: string]: RawNode[] | string };

/** The actions within Envelope and Body; undefined for anything else, tags in other letters too. */
export function readActions(text: string): XmlElement[] | undefined {
  if (XMLValidator.validate(text) !== true) return undefined;
  const [envelope] = (parser.parse(text) as RawNode[]).flatMap(elementOf);
  const body = envelope?.name === 'Envelope' ? envelope.children.find(({ name }) => name === 'Body') : undefined;
  return body && body.children.length > 0 ? body.children : undefined;
}

function elementOf(node: RawNode): XmlElement[] {
  return Object.entries(node).flatMap(([name, content]) => {
    if (typeof content === 'string') return [];
    const text = content.map((inner) => (typeof inner['#text'] === 'string' ? inner['#text'] : '')).join('');
    return [{ name, text, children: content.flatMap(elementOf) }];
  });
}

export const childrenOf = (parent: XmlElement | undefined, name: string): XmlElement[] =>
  parent?.children.filter((child) => child.name === name) ?? [];

/** The text of the first child of that name; empty when it is missing. */
export const textIn = (parent: XmlElement | undefined, name: string): string => childrenOf(parent, name)[0]?.text ?? '';

export const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const tag = (name: string, text: string | number): string => `<${name}>${escapeXml(String(text))}</${name}>`;
