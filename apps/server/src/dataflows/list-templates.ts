import { type DataflowDocument, outlineOf } from '@idsync/engine/dataflow';
import { templates } from './templates/index.ts';

export interface TemplateGroup {
  integration: string;
  title: string;
  /** Name of an icon of the studio. */
  icon: string;
  templates: { id: string; direction: 'outbound' | 'inbound'; title: string; outline: string; document: DataflowDocument }[];
}

/** What the create wizard offers. */
export const listTemplates = (): TemplateGroup[] =>
  templates.map(({ integration, title, icon, templates: own }) => ({
    integration,
    title,
    icon,
    templates: own.map((template) => ({ ...template, outline: outlineOf(template.document) })),
  }));
