import { useDocumentTitle } from '@mantine/hooks';
import { useRouteError } from 'react-router';
import { ErrorPanel } from '../ui/error-panel.tsx';

/** A fault of a page itself. A new release drops old chunks, so a failed import is mended by loading the page anew. */
export function RouteError() {
  const error = useRouteError();
  useDocumentTitle('Error · IdentitySync Studio');
  const stale = error instanceof TypeError && /dynamically imported|module script/i.test(error.message);
  return (
    <ErrorPanel
      title={stale ? 'The studio was updated meanwhile' : 'This page met a fault'}
      error={stale ? new Error('Reload to get the new version. Nothing that was saved is lost.') : error}
      onRetry={() => window.location.reload()}
    />
  );
}
