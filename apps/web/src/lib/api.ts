import type { AppRouter } from '@idsync/server/router';
import type { inferRouterOutputs } from '@trpc/server';

type Outputs = inferRouterOutputs<AppRouter>;

export type Me = Outputs['session']['me'];
export type Site = Me['sites'][number];
export type DataflowRow = Outputs['dataflows']['list']['items'][number];
export type TemplateGroup = Outputs['dataflows']['templates'][number];
export type Template = TemplateGroup['templates'][number];
export type JobRow = Outputs['jobs']['list']['items'][number];
export type JobDetails = Outputs['jobs']['get'];
export type NumberedTraceLine = Outputs['jobs']['trace']['lines'][number];
