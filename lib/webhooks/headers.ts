const RESERVED: readonly string[] = [
  ...['content-type', 'content-length', 'content-encoding', 'user-agent', 'host', 'connection', 'keep-alive'],
  ...['transfer-encoding', 'upgrade', 'te', 'trailer', 'expect', 'date', 'accept-encoding'],
  'X-Wombat-Signature'.toLowerCase(),
]
const RESERVED_FAMILIES: readonly string[] = ['webhook-', 'x-clasper-', 'proxy-', 'sec-']

const isReserved = (name: string): boolean =>
  RESERVED.includes(name) || RESERVED_FAMILIES.some((family) => name.startsWith(family))

const isName = (name: string): boolean => /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name)

const isValue = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]{0,2048}$/.test(value)

const MAX_HEADERS = 50

// What callers add of their own; what is ours, and what could not be sent, is left out.
export const callerHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name, value]) => isName(name) && isValue(value) && !isReserved(name))
      .slice(0, MAX_HEADERS),
  )
