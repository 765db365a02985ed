import { lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { Problem } from '@/lib/shared/problem'
import { kernel } from '../core/kernel'

const TIMEOUT_MS = 10_000

const privateRanges = (): BlockList => {
  const list = new BlockList()
  const v4: [string, number][] = [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['224.0.0.0', 3],
  ]
  const v6: [string, number][] = [
    ['::', 127],
    ['fc00::', 7],
    ['fe80::', 10],
    ['ff00::', 8],
    ['64:ff9b::', 96],
  ]
  for (const [net, bits] of v4) list.addSubnet(net, bits, 'ipv4')
  for (const [net, bits] of v6) list.addSubnet(net, bits, 'ipv6')
  return list
}

export const isPublicAddress = (address: string): boolean => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  const family = isIP(mapped)
  return family !== 0 && !privateRanges().check(mapped, family === 4 ? 'ipv4' : 'ipv6')
}

// The check happens where the connection takes its address, so a name cannot change between check and use.
const publicLookup: LookupFunction = (host, options, done) =>
  lookup(host, { ...options, all: true }, (error, addresses) => {
    const blocked = addresses?.find(({ address }) => !isPublicAddress(address))
    if (error) return done(error, [])
    if (blocked) return done(new Error(`${host} leads to a private address`), [])
    if (options.all) return done(null, addresses)
    const [first] = addresses
    done(null, first?.address ?? '', first?.family)
  })

const guarded = (url: URL): { lookup?: LookupFunction } => {
  if (kernel().env.CLASPER_WEBHOOK_ALLOW_PRIVATE) return {}
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && !isPublicAddress(host))
    throw new Problem('config_error', 'CLASPER_CHECKPOINT_URL leads to a private address')
  return { lookup: publicLookup }
}

export const postNote = async (target: string, note: string, signal: AbortSignal): Promise<void> => {
  const url = new URL(target)
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(note),
    'user-agent': 'clasper',
  }
  const options = {
    method: 'POST',
    headers,
    ...guarded(url),
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }
  const status = await new Promise<number>((resolve, reject) => {
    const call = send(url, options, (reply) => {
      reply.resume()
      resolve(reply.statusCode ?? 0)
    })
    call.on('error', reject)
    call.end(note)
  })
  if (status < 200 || status > 299) throw new Problem('unavailable', `The checkpoint webhook answered ${status}`)
}
