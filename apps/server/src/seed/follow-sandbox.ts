import type { DataflowDocument, Layout, Step } from '@idsync/engine/dataflow';
import { checkValue } from '../dataflows/check-document.ts';
import { replaceDocument } from '../dataflows/save-dataflow.ts';
import { openDocument } from '../dataflows/stored-document.ts';
import type { Services } from '../services.ts';
import type { DemoSftp } from './demo-flows.ts';

/** Points the steps of the demo site that use the sandbox's own login to where the sandbox's SFTP server listens now. */
export async function followSandbox(services: Services, apiKey: string, sftp: DemoSftp): Promise<void> {
  const rows = await services.prisma.dataflow.findMany({ where: { apiKey, removedAt: null } });
  for (const row of rows) {
    const stored = openDocument(row.document, services.secrets, row.id);
    const document: DataflowDocument = { ...stored, steps: stored.steps.map((step) => follow(step, sftp)) };
    const { issues } = checkValue(document);
    await replaceDocument(
      services,
      { name: 'Demo' },
      { row, stored, document, issues, layout: row.layout as Layout, keptAsDraft: row.keptAsDraft },
    );
  }
}

function follow(step: Step, { host, port, username, password }: DemoSftp): Step {
  const { params } = step;
  const isSandbox = /\.sftp$/.test(step.type) && params?.host === host && params.username === username && params.password === password;
  return isSandbox && params.port !== port ? { ...step, params: { ...params, port } } : step;
}
