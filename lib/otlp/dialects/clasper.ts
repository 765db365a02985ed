import { SPAN_KINDS, type SpanKind } from '@/lib/tracing'
import { hasPrefix, type Reader, textOf } from '../claim'
import { nanoOf, tokensOf } from '../number'
import { NOTHING_SAID, type UsageSaid } from '../usage'

// Our own words, for those who say outright what they mean.
export const clasperKind: Reader<SpanKind> = ({ attributes }) => {
  const kind = textOf(attributes['clasper.kind'])
  const known = SPAN_KINDS.find((name) => name === kind)
  return known === undefined ? null : { value: known, by: 'clasper.kind' }
}

export const clasperUsage: Reader<UsageSaid> = ({ attributes }) => {
  if (!hasPrefix(attributes, 'clasper.usage.')) return null
  const tokens = (name: string) => tokensOf(attributes[`clasper.usage.${name}`])
  const said: UsageSaid = {
    ...NOTHING_SAID,
    style: 'disjoint',
    input: tokens('in_uncached'),
    cacheRead: tokens('cache_read'),
    cacheWrite: tokens('cache_write'),
    output: tokens('out_visible'),
    reasoning: tokens('reasoning'),
  }
  return { value: said, by: 'clasper.usage.*' }
}

export const clasperCost: Reader<bigint> = ({ attributes }) => {
  const nano = nanoOf(attributes['clasper.cost.nano_usd'])
  return nano === null ? null : { value: nano, by: 'clasper.cost.nano_usd' }
}
