import type * as Monaco from 'monaco-editor/editor';
import { dark, gray, petrol } from '../palette.ts';

const bare = (colour = '') => colour.replace('#', '');

/** The editor in the product's own colours, light and dark. */
export function defineThemes(monaco: typeof Monaco): void {
  monaco.editor.defineTheme('ids-light', {
    base: 'vs',
    inherit: true,
    rules: [
      { token: 'comment', foreground: bare(gray[6]) },
      { token: 'keyword', foreground: bare(petrol[7]) },
      { token: 'string', foreground: '7a4a24' },
      { token: 'string.key.json', foreground: bare(petrol[8]) },
      { token: 'string.value.json', foreground: '7a4a24' },
      { token: 'number', foreground: '7a4a86' },
    ],
    colors: {
      'editor.background': '#ffffff',
      'editor.foreground': gray[9],
      'editorLineNumber.foreground': gray[5],
      'editor.lineHighlightBackground': gray[0],
      'editor.lineHighlightBorder': '#00000000',
      focusBorder: '#00000000',
    },
  });
  monaco.editor.defineTheme('ids-dark', {
    base: 'vs-dark',
    inherit: true,
    rules: [
      { token: 'comment', foreground: bare(dark[2]) },
      { token: 'keyword', foreground: bare(petrol[3]) },
      { token: 'string', foreground: 'e3b08c' },
      { token: 'string.key.json', foreground: bare(petrol[2]) },
      { token: 'string.value.json', foreground: 'e3b08c' },
      { token: 'number', foreground: 'c79ad2' },
    ],
    colors: {
      'editor.background': dark[7],
      'editor.foreground': dark[0],
      'editorLineNumber.foreground': dark[3],
      'editor.lineHighlightBackground': dark[6],
      'editor.lineHighlightBorder': '#00000000',
      focusBorder: '#00000000',
    },
  });
}
