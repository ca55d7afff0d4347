import { useEffect } from 'react';

/** One line of the command palette. */
export interface OfferedCommand {
  id: string;
  title: string;
  group: string;
  /** Printed keys that do the same. */
  keys?: readonly string[] | undefined;
  /** One of so many that it is shown only when it is looked for. */
  searchOnly?: boolean;
  run(): unknown;
}

type Offer = () => readonly OfferedCommand[];

let current: Offer | undefined;

/** What the page that is open can do at this moment. */
export const offeredByPage = (): readonly OfferedCommand[] => current?.() ?? [];

/** Offers a page's commands to the palette while the page is shown; asked anew each time the palette opens. */
export function useOfferCommands(offer: Offer): void {
  useEffect(() => {
    current = offer;
    return () => {
      if (current === offer) current = undefined;
    };
  }, [offer]);
}
