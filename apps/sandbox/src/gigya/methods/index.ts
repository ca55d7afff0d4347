import { deleteAccount } from './delete-account.ts';
import { deleteObject } from './delete-object.ts';
import { getAccountInfo } from './get-account-info.ts';
import { getChallengeStatus } from './get-challenge-status.ts';
import { getObject } from './get-object.ts';
import { importFullAccount } from './import-full-account.ts';
import { deleteLiteAccount, importLiteAccount } from './lite-accounts.ts';
import type { Method } from './method.ts';
import { searchAccounts } from './search-accounts.ts';
import { searchAudit, searchComments, searchObjects } from './search-others.ts';
import { setAccountInfo } from './set-account-info.ts';
import { storeObject } from './store-object.ts';

const methods: readonly Method[] = [
  deleteAccount,
  deleteLiteAccount,
  deleteObject,
  getAccountInfo,
  getChallengeStatus,
  getObject,
  importFullAccount,
  importLiteAccount,
  searchAccounts,
  searchAudit,
  searchComments,
  searchObjects,
  setAccountInfo,
  storeObject,
];
const byName = new Map(methods.map((method) => [method.name.toLowerCase(), method]));

/** Looks a method up without regard to case. */
export function findMethod(apiMethod: string): Method | undefined {
  return byName.get(apiMethod.toLowerCase());
}
