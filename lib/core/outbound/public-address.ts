import { BlockList, isIP } from 'node:net'

type Net = readonly [net: string, bits: number]

// What is not on the public internet, or can be turned into something that is not.
const V4: readonly Net[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
]
const V6: readonly Net[] = [
  ['::', 96],
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]

const PRIVATE: Readonly<BlockList> = ((): BlockList => {
  const list = new BlockList()
  for (const [net, bits] of V4) list.addSubnet(net, bits, 'ipv4')
  for (const [net, bits] of V6) list.addSubnet(net, bits, 'ipv6')
  return list
})()

// An IPv4 address that is written as an IPv6 one is judged by the list of its own.
export const isPublicAddress = (address: string): boolean => {
  const bare = address.replace(/%.*$/, '')
  const family = isIP(bare)
  return family !== 0 && !PRIVATE.check(bare, family === 4 ? 'ipv4' : 'ipv6')
}

// The parser of URLs has already turned decimal, octal, hexadecimal and wide forms into dotted ones.
export const literalAddress = (hostname: string): string | null => {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) === 0 ? null : bare
}

export const isLocalName = (hostname: string): boolean => /(?:^|\.)localhost\.?$/i.test(hostname)
