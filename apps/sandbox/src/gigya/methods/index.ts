import type { Method } from './method.ts';
import { search } from './search.ts';

const methods: readonly Method[] = [search];
const byName = new Map(methods.map((method) => [method.name.toLowerCase(), method]));

export function findMethod(apiMethod: string): Method | undefined {
  return byName.get(apiMethod.toLowerCase());
}
