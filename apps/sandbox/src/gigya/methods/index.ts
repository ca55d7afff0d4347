import { deleteAccount } from './delete-account.ts';
import { getAccountInfo } from './get-account-info.ts';
import { importFullAccount } from './import-full-account.ts';
import type { Method } from './method.ts';
import { search } from './search.ts';
import { setAccountInfo } from './set-account-info.ts';

const methods: readonly Method[] = [deleteAccount, getAccountInfo, importFullAccount, search, setAccountInfo];
const byName = new Map(methods.map((method) => [method.name.toLowerCase(), method]));

/** Looks a method up without regard to case. */
export function findMethod(apiMethod: string): Method | undefined {
  return byName.get(apiMethod.toLowerCase());
}
