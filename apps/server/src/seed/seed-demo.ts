import { z } from 'zod';
import { checkValue } from '../dataflows/check-document.ts';
import { insertDataflow } from '../dataflows/write-dataflow.ts';
import type { Services } from '../services.ts';
import { saveSite } from '../sites/save-site.ts';
import { saveUserKey } from '../user-keys/save-user-key.ts';
import { demoFlows } from './demo-flows.ts';
import { followSandbox } from './follow-sandbox.ts';

const sandboxLine = z.object({
  gigya: z.object({ url: z.url(), site: z.object({ apiKey: z.string(), userKey: z.string(), secret: z.string() }) }),
  sftp: z.object({ host: z.string(), port: z.number(), username: z.string(), password: z.string() }),
});

/**
 * Points the demo site and its steps to the sandbox that runs now, and makes its dataflows when the site has never had any, so that what people
 * changed or removed stays as they left it. `sandbox` is the JSON line the sandbox prints. The
 * site's own credentials open the idx API, too, unless told otherwise.
 */
export async function seedDemo(services: Services, sandbox: string, { withUserKey = true } = {}): Promise<void> {
  const { gigya, sftp } = sandboxLine.parse(JSON.parse(sandbox));
  await saveSite(services, { ...gigya.site, name: 'Demo site', apiDomain: gigya.url });
  const { apiKey, userKey, secret } = gigya.site;
  if (withUserKey) await saveUserKey(services, { userKey, apiKey, secret, name: 'Demo', role: 'operator', createdByName: 'Demo' });
  else await services.prisma.userKey.deleteMany({ where: { userKey } });
  if ((await services.prisma.dataflow.count({ where: { apiKey } })) > 0) return followSandbox(services, apiKey, sftp);
  for (const document of demoFlows(sftp)) {
    await insertDataflow(services, { name: 'Demo' }, { apiKey, document, issues: checkValue(document).issues });
  }
}
