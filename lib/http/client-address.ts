// server.ts overwrites this header with the socket's address on every request, so a caller cannot set it.
export const PEER_HEADER = 'x-clasper-peer'

const bare = (address: string): string => address.trim().replace(/^::ffff:/, '')

export const clientAddress = (headers: Headers, trusted: readonly string[]): string => {
  const peer = bare(headers.get(PEER_HEADER) ?? 'unknown')
  if (!trusted.includes(peer)) return peer
  const hops = (headers.get('x-forwarded-for') ?? '')
    .split(',')
    .map(bare)
    .filter((hop) => hop !== '')
  return hops.findLast((hop) => !trusted.includes(hop)) ?? peer
}
