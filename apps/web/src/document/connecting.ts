import { create } from 'zustand';
import type { ArrowPath } from './connect-rules.ts';

interface Connecting {
  /** The path the next arrow takes when it is drawn from a card's success handle: the "Connector type". */
  connectorType: ArrowPath;
  /** While an arrow is drawn: why each of the steps cannot be its target. */
  refusals: Readonly<Record<string, string>> | undefined;
}

export const useConnecting = create<Connecting>()(() => ({ connectorType: 'next', refusals: undefined }));
