import type { CSSVariablesResolver } from '@mantine/core';

/** Points Mantine's semantic colours at the tokens of tokens.css, which already differ by scheme. */
const semantic = {
  '--mantine-color-body': 'var(--ids-page)',
  '--mantine-color-text': 'var(--ids-text)',
  '--mantine-color-dimmed': 'var(--ids-text-muted)',
  '--mantine-color-placeholder': 'var(--ids-text-muted)',
  '--mantine-color-anchor': 'var(--ids-accent)',
  '--mantine-color-default': 'var(--ids-surface)',
  '--mantine-color-default-hover': 'var(--ids-hover)',
  '--mantine-color-default-border': 'var(--ids-border)',
  '--mantine-color-error': 'var(--ids-fail-text)',
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: semantic, dark: semantic });
