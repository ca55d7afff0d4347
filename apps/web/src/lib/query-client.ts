import { QueryClient } from '@tanstack/react-query';
import { isTRPCClientError } from '@trpc/client';

/** True when asking again cannot help: the server understood and said no. */
export function isRefusal(error: unknown): boolean {
  return isTRPCClientError(error) && typeof error.data?.httpStatus === 'number' && error.data.httpStatus < 500;
}

/** True when the session is missing or has ended. */
export function isSignedOut(error: unknown): boolean {
  return isTRPCClientError(error) && error.data?.code === 'UNAUTHORIZED';
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: (failures, error) => failures < 2 && !isRefusal(error), refetchOnWindowFocus: true },
  },
});
