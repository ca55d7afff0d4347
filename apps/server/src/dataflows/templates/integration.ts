import type { DataflowDocument } from '@idsync/engine/dataflow';

export interface Template {
  id: string;
  /** Out of the account store, or into it. */
  direction: 'outbound' | 'inbound';
  title: string;
  document: DataflowDocument;
}

export interface Integration {
  integration: string;
  title: string;
  /** Name of an icon of the studio's icon set. */
  icon: string;
  templates: Template[];
}
