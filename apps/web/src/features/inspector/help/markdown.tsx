import { Code } from '@mantine/core';
import { lexer, type Token, type Tokens } from 'marked';
import type { ReactNode } from 'react';

/** The Markdown that notes are written in, as elements; HTML in it is shown as text. */
export const Markdown = ({ text }: { text: string }) => <>{draw(lexer(text))}</>;

/** One sentence of it, without a paragraph around. */
export function InlineMarkdown({ text }: { text: string }) {
  const [block] = lexer(text);
  return <>{block ? drawInside(block) : text}</>;
}

const draw = (tokens: readonly Token[]): ReactNode[] =>
  tokens.map((token, index) => (
    // Texts never change while they are shown, so a token's place is name enough.
    // biome-ignore lint/suspicious/noArrayIndexKey: see above
    <Drawn key={index} token={token} />
  ));

const drawInside = (token: Token): ReactNode => ('tokens' in token && token.tokens ? draw(token.tokens) : token.raw);

function Drawn({ token }: { token: Token }): ReactNode {
  switch (token.type) {
    case 'space':
      return null;
    case 'paragraph':
      return <p>{drawInside(token)}</p>;
    case 'heading':
      return <h3>{drawInside(token)}</h3>;
    case 'list':
      return <DrawnList list={token as Tokens.List} />;
    case 'strong':
      return <strong>{drawInside(token)}</strong>;
    case 'em':
      return <em>{drawInside(token)}</em>;
    case 'codespan':
      return <Code>{(token as Tokens.Codespan).raw.replaceAll('`', '')}</Code>;
    case 'code':
      return <Code block>{(token as Tokens.Code).raw.replaceAll(/^```.*$/gm, '').trim()}</Code>;
    case 'br':
      return <br />;
    case 'text':
      return drawInside(token);
    default:
      return token.raw;
  }
}

function DrawnList({ list }: { list: Tokens.List }) {
  const items = list.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: as above
    <li key={index}>{draw(item.tokens)}</li>
  ));
  return list.ordered ? <ol>{items}</ol> : <ul>{items}</ul>;
}
