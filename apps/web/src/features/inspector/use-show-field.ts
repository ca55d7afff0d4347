import { useEffect, useRef } from 'react';

/** `params.fields[2].targetField`, `params.fields[2]`, `params.fields`, `params`. */
function nearestFirst(path: string): string[] {
  const cut = path.search(/(\.[^.[\]]+|\[\d+\])$/);
  return cut <= 0 ? [path] : [path, ...nearestFirst(path.slice(0, cut))];
}

/** Brings the wanted field of the inspected step into sight and gives it the keyboard; without one, the panel itself. */
export function useShowField(inspected: { step: string; field?: string | undefined } | undefined) {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const root = panel.current;
    if (!root || !inspected) return;
    const places = inspected.field ? nearestFirst(inspected.field) : [];
    const place = places.map((path) => root.querySelector(`[data-field="${CSS.escape(path)}"]`)).find((found) => found !== null);
    if (!place) return root.focus({ preventScroll: true });
    place.scrollIntoView({ block: 'center' });
    const input = place.matches('input, textarea, button')
      ? place
      : place.querySelector('input, textarea, button:not([aria-label^="Help"])');
    if (input instanceof HTMLElement) input.focus();
  }, [inspected]);
  return panel;
}
