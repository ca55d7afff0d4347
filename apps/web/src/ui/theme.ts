import { createTheme, Modal, Skeleton, Tooltip } from '@mantine/core';
import { amber, dark, gray, green, petrol, red } from './palette.ts';

/** Mantine as this product wears it: own accent, warm neutrals, 8 px rhythm, borders in place of shadows. */
export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  colors: { petrol, gray, dark, green, red, amber },
  white: '#ffffff',
  black: gray[9],
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "'JetBrains Mono Variable', ui-monospace, monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.5rem', lineHeight: '1.3' },
      h2: { fontSize: '1.125rem', lineHeight: '1.4' },
      h3: { fontSize: '1rem', lineHeight: '1.4' },
      h4: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '0.25rem', sm: '0.375rem', md: '0.5rem', lg: '0.75rem', xl: '1rem' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  shadows: { xs: 'none', sm: 'none', md: '0 4px 16px rgb(38 36 33 / 10%)', lg: '0 8px 32px rgb(38 36 33 / 14%)' },
  components: {
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 250, withArrow: true, multiline: true, maw: 320, fz: 'xs' } }),
    Modal: Modal.extend({ defaultProps: { centered: true, radius: 'lg' }, styles: { title: { fontSize: '1rem', fontWeight: 600 } } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 'sm' } }),
  },
});
