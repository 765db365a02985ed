import type { Alias, Contract } from '@/lib/shared/contract'

type Json = Record<string, unknown>

// Maps keyed by data are never touched: their keys are values.
const OPAQUE = new Set(['event_data', 'details', 'labels', 'metadata', 'arguments', 'result', 'counts', 'checks'])

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const camel = (key: string): string => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

const isOpaque = (key: string): boolean => OPAQUE.has(key) || key.startsWith('entries_by')

const withCamel = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withCamel)
  if (!isObject(value)) return value
  const out: Json = {}
  for (const [key, item] of Object.entries(value)) out[key] = isOpaque(key) ? item : withCamel(item)
  for (const key of Object.keys(value)) {
    const double = camel(key)
    if (!(double in out)) out[double] = out[key]
  }
  return out
}

const renamed = (item: unknown, keys: Readonly<Record<string, string>>): unknown => {
  if (!isObject(item)) return item
  const extra = Object.entries(keys).filter(([alias, from]) => !(alias in item) && from in item)
  return { ...item, ...Object.fromEntries(extra.map(([alias, from]) => [alias, item[from]])) }
}

const onlyCamel = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(onlyCamel)
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [camel(key), onlyCamel(item)]))
}

const gathered = (target: unknown, keys: Readonly<Record<string, string>>): Json =>
  Object.fromEntries(
    Object.entries(keys).flatMap(([alias, from]) =>
      isObject(target) && from in target ? [[alias, onlyCamel(target[from])]] : [],
    ),
  )

const aliased = (reply: Json, { on, keys = {}, lift, into }: Alias): Json => {
  const target = on === '' ? reply : reply[on]
  if (into !== undefined) return into in reply ? reply : { ...reply, [into]: gathered(target, keys) }
  const changed = Array.isArray(target) ? target.map((item) => renamed(item, keys)) : renamed(target, keys)
  const base = on === '' ? (changed as Json) : { ...reply, [on]: changed }
  return lift && isObject(changed) ? { ...changed, ...base } : base
}

// The one place where a reply gets a second spelling, after it was checked against its contract.
export const onWire = (contract: Contract, reply: unknown, withAliases: boolean): unknown => {
  if (!withAliases || !isObject(reply)) return reply
  const named = (contract.aliases ?? []).reduce(aliased, reply)
  return contract.camel ? withCamel(named) : named
}
