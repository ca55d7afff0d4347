/** One sentence on what is wrong with the base address of a server; undefined when it can be used. */
export function endpointFault(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    return 'This is not a web address. Give one that begins with https:// or http://.';
  if (url.username || url.password) return 'Give no user name or password in the address.';
  return url.search || url.hash ? 'Give the address without anything from ? or # on.' : undefined;
}
