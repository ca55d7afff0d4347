import type { DataflowDocument, Issue, Layout } from '@idsync/engine/dataflow';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import type { SignedInUser } from '../users/roles.ts';
import { type Checked, checkText, checkValue } from './check-document.ts';
import { insertDataflow } from './write-dataflow.ts';

export interface Created {
  id: string;
  version: number;
  issues: Issue[];
}

/** Stores a first version. It may have errors; what is no dataflow at all is refused. */
export const createDataflow = (
  services: Services,
  user: SignedInUser,
  input: { apiKey: string; document: DataflowDocument; layout?: Layout | undefined; keptAsDraft?: boolean },
): Promise<Created> => store(services, user, { ...input, checked: checkValue(input.document) });

/** Stores a dataflow from text as people pass it around: comments, trailing commas and a byte order mark are accepted. */
export const importDataflow = (services: Services, user: SignedInUser, input: { apiKey: string; text: string }): Promise<Created> =>
  store(services, user, { apiKey: input.apiKey, checked: checkText(input.text) });

async function store(
  services: Services,
  user: SignedInUser,
  {
    apiKey,
    layout,
    checked,
    keptAsDraft = false,
  }: { apiKey: string; layout?: Layout | undefined; checked: Checked; keptAsDraft?: boolean },
): Promise<Created> {
  const { document, issues } = checked;
  if (!document) {
    throw new Refusal('bad-request', issues.map((issue) => `${issue.message} ${issue.remedy}`).join('\n') || 'This is not a dataflow.');
  }
  const site = await services.prisma.site.findUnique({ where: { apiKey }, select: { apiKey: true } });
  if (!site) throw new Refusal('not-found', `There is no site ${apiKey}.`);
  const id = await insertDataflow(services, user, { apiKey, document, issues, keptAsDraft, ...(layout && { layout }) });
  return { id, version: 1, issues };
}
