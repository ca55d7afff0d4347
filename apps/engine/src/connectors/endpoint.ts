import type { z } from 'zod';

/** One sentence on what is wrong with a web address; undefined when it can be used. Never repeats the text, which may hold a password. */
export function addressFault(text: string): string | undefined {
  const url = /^\s*https?:\/\/[^/\s]/i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return 'This is not a web address. Give one that begins with https:// or http://.';
  return url.username || url.password ? 'Give no user name or password in the address.' : undefined;
}

/** The same for the base address of a server, to which paths and parameters are added. */
export function endpointFault(text: string): string | undefined {
  const fault = addressFault(text);
  if (fault !== undefined) return fault;
  const url = new URL(text);
  return url.search || url.hash ? 'Give the address without anything from ? or # on.' : undefined;
}

/** One sentence on what is wrong with the name of a host; undefined when it may be one. */
export function hostFault(text: string): string | undefined {
  const host = text.trim();
  if (host.includes('://')) return 'Give the name of the host without what stands before and behind it, such as sftp:// and the path.';
  if (host.includes('@')) return 'Give the name of the host alone; the user name has a parameter of its own.';
  if (/^[^:[\]]*:\d*$/.test(host)) return 'Give the name of the host alone; the port has a parameter of its own.';
  return /[\s/\\?#]/.test(host) ? 'This is no name of a host. Give one such as files.example.com, or an IP address.' : undefined;
}

/** The check of a parameter by one of the above: `z.string().superRefine(none(addressFault))`. */
export const none =
  (faultOf: (text: string) => string | undefined) =>
  (text: string, check: z.RefinementCtx<string>): void => {
    const message = faultOf(text);
    if (message !== undefined) check.addIssue({ code: 'custom', message });
  };
