let layer: HTMLElement | undefined;

/** Where completions and hovers are drawn: over everything, since a dialog that is moved into place would shift them with it. */
export function widgetLayer(): HTMLElement {
  if (layer) return layer;
  layer = document.createElement('div');
  layer.className = 'monaco-editor ids-editor-widgets';
  document.body.append(layer);
  return layer;
}
