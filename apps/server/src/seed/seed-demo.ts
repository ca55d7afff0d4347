import { z } from 'zod';
import { checkValue } from '../dataflows/check-document.ts';
import { insertDataflow } from '../dataflows/write-dataflow.ts';
import type { Services } from '../services.ts';
import { saveSite } from '../sites/save-site.ts';
import { demoFlows } from './demo-flows.ts';
import { followSandbox } from './follow-sandbox.ts';

const sandboxLine = z.object({
  gigya: z.object({ url: z.url(), site: z.object({ apiKey: z.string(), userKey: z.string(), secret: z.string() }) }),
  sftp: z.object({ host: z.string(), port: z.number(), username: z.string(), password: z.string() }),
});

/**
 * Points the demo site and its steps to the sandbox that runs now, and makes its dataflows when the site has never had any, so that what people
 * changed or removed stays as they left it. `sandbox` is the JSON line the sandbox prints.
 */
export async function seedDemo(services: Services, sandbox: string): Promise<void> {
  const { gigya, sftp } = sandboxLine.parse(JSON.parse(sandbox));
  await saveSite(services, { ...gigya.site, name: 'Demo site', apiDomain: gigya.url });
  const { apiKey } = gigya.site;
  if ((await services.prisma.dataflow.count({ where: { apiKey } })) > 0) return followSandbox(services, apiKey, sftp);
  for (const document of demoFlows(sftp)) {
    await insertDataflow(services, { name: 'Demo' }, { apiKey, document, issues: checkValue(document).issues });
  }
}
