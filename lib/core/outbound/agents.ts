import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { kernel } from '../kernel'
import { OutboundError } from './outbound-error'
import { isPublicAddress, literalAddress } from './public-address'

// 'public' is for addresses that users set; 'operator' for those of the configuration.
export type Guard = 'public' | 'operator'

const CONNECT_MS = 10_000
const MAX_CONNECTIONS = 64

const refused = (host: string) => new OutboundError('address_refused', `${host} leads to a private address`)

export type Resolve = (
  host: string,
  options: { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

// The check happens where the connection takes its address, so a name cannot change between check and use.
const publicLookup =
  (resolve: Resolve): LookupFunction =>
  (host, options, done) =>
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, [])
      const [first] = addresses
      if (!first || addresses.some(({ address }) => !isPublicAddress(address))) return done(refused(host), [])
      if (options.all) return done(null, addresses)
      done(null, first.address, first.family)
    })

// No lookup is made for an address that is written out, so that is judged before the connection.
const guardedConnector = (connect: buildConnector.connector): buildConnector.connector => {
  return (options, done) => {
    const literal = literalAddress(options.hostname)
    if (literal !== null && !isPublicAddress(literal)) return done(refused(literal), null)
    connect(options, done)
  }
}

const systemLookup: Resolve = (host, options, done) => lookup(host, options, done)

const newAgent = (guard: Guard): Agent => {
  const resolve = kernel().slot('core.outbound.resolve', () => systemLookup)
  const plain = { timeout: CONNECT_MS, keepAlive: true }
  const connect =
    guard === 'operator' ? plain : guardedConnector(buildConnector({ ...plain, lookup: publicLookup(resolve) }))
  return new Agent({
    connections: MAX_CONNECTIONS,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 60_000,
    connect,
  })
}

type Agents = Readonly<Record<Guard, Agent>>

// Pooled connections live as long as the kernel, and no longer.
export const agentFor = (guard: Guard): Agent => {
  const agents = kernel().slot<Agents>('core.outbound.agents', () => {
    const made = { public: newAgent('public'), operator: newAgent('operator') }
    kernel().onStop('close', async () => {
      await Promise.all([made.public.destroy(), made.operator.destroy()])
    })
    return made
  })
  return agents[guard]
}
