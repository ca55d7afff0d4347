import { useEffect } from 'react';
import { documentStore, isDirty } from '../../document/store.ts';

/** Asks before the tab is closed on unsaved work. Inside the app nothing is lost: the draft is offered back. */
export function useLeaveGuard(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (isDirty(documentStore.getState())) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, []);
}
