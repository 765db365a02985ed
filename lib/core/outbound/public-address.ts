import { BlockList, isIP } from 'node:net'

type Net = readonly [net: string, bits: number]

// What is not on the public internet, or can be turned into something that is not.
const V4: readonly Net[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // The agent of a cloud, which tells every machine in it what it should know.
  ['168.63.129.16', 32],
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
// Only within the one range that is handed out to the public, or an IPv4 address that is written as an IPv6 one.
const PUBLIC_V6: readonly Net[] = [
  ['2000::', 3],
  ['::ffff:0:0', 96],
]
const V6: readonly Net[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
]

const PRIVATE: Readonly<BlockList> = ((): BlockList => {
  const list = new BlockList()
  for (const [net, bits] of V4) list.addSubnet(net, bits, 'ipv4')
  for (const [net, bits] of V6) list.addSubnet(net, bits, 'ipv6')
  return list
})()

const UNICAST: Readonly<BlockList> = ((): BlockList => {
  const list = new BlockList()
  for (const [net, bits] of PUBLIC_V6) list.addSubnet(net, bits, 'ipv6')
  return list
})()

// An IPv4 address that is written as an IPv6 one is judged by the list of its own.
export const isPublicAddress = (address: string): boolean => {
  const bare = address.replace(/%.*$/, '')
  const family = isIP(bare)
  if (family === 4) return !PRIVATE.check(bare, 'ipv4')
  return family === 6 && UNICAST.check(bare, 'ipv6') && !PRIVATE.check(bare, 'ipv6')
}

// The parser of URLs has already turned decimal, octal, hexadecimal and wide forms into dotted ones.
export const literalAddress = (hostname: string): string | null => {
  const bare = hostname.replace(/^\[|\]$/g, '')
  return isIP(bare) === 0 ? null : bare
}

export const isLocalName = (hostname: string): boolean => /(?:^|\.)localhost\.?$/i.test(hostname)
