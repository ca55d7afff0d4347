export { demoSftp, demoSite } from './demo.ts';
export type { GigyaFault } from './gigya/faults.ts';
export { type GigyaOptions, type GigyaServer, startGigya } from './gigya/start-gigya.ts';
