import type { Services } from '../services.ts';

export async function seedDemo(_services: Services, _sandbox: string): Promise<void> {}
