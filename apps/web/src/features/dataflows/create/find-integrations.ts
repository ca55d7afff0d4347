import type { TemplateGroup } from '../../../lib/api.ts';

/** Integrations in whose name, templates or steps every word of `text` stands. */
export function findIntegrations(groups: readonly TemplateGroup[], text: string): TemplateGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return groups.filter(({ title, integration, templates }) => {
    const all = [title, integration, ...templates.flatMap((template) => [template.title, template.outline])].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}
