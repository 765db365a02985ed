import { kernel } from '@/lib/core/kernel'

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

// Next names the peer itself in this header; only another address is news.
export const warnOfProxy = (headers: Headers): void => {
  const forwarded = headers.get('x-forwarded-for')
  if (forwarded === null) return
  const peer = bare(headers.get(PEER_HEADER) ?? 'unknown')
  const { env, log } = kernel()
  const told = kernel().slot('http.forwarded', () => ({ already: false }))
  if (told.already || env.CLASPER_TRUSTED_PROXIES.includes(peer) || bare(forwarded) === peer) return
  told.already = true
  log.warn('a proxy that CLASPER_TRUSTED_PROXIES does not name: all its callers count as one address', { peer })
}
