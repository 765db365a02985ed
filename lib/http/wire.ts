import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import type { Alias, Contract } from '@/lib/shared/contract'

type Json = Record<string, unknown>

// Maps keyed by data are never touched: their keys are values.
const OPAQUE = new Set([
  ...['event_data', 'details', 'labels', 'metadata', 'arguments', 'result', 'counts', 'checks'],
  ...['skill_versions', 'skill_states', 'raw_trace'],
])

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const MOST_NAMES = 5_000
const LONGEST_NAME = 80

const spelled = (key: string): string => key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

// A page of fifty rows has thousands of keys and a hundred different ones.
const camel = (key: string): string => {
  if (!key.includes('_')) return key
  if (key.length > LONGEST_NAME) return spelled(key)
  const names = kernel().slot('http.camel', () => new LRUCache<string, string>({ max: MOST_NAMES }))
  const known = names.get(key)
  if (known !== undefined) return known
  const made = spelled(key)
  names.set(key, made)
  return made
}

// Annotations are a map in a summary and a list of rows elsewhere.
const isOpaque = (key: string, value: unknown): boolean =>
  OPAQUE.has(key) || key.startsWith('entries_by') || (key === 'annotations' && !Array.isArray(value))

const withCamel = (value: unknown, verbatim: ReadonlySet<string>): unknown => {
  if (Array.isArray(value)) return value.map((item) => withCamel(item, verbatim))
  if (!isObject(value)) return value
  const out: Json = {}
  for (const [key, item] of Object.entries(value))
    out[key] = isOpaque(key, item) || verbatim.has(key) ? item : withCamel(item, verbatim)
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

const lifted = (item: Json, lift: Alias['lift']): Json =>
  Array.isArray(lift) ? Object.fromEntries(lift.flatMap((key) => (key in item ? [[key, item[key]]] : []))) : item

const further = (reply: Json, head: string, alias: Alias): Json => {
  const inner = reply[head]
  const act = (item: unknown) => (isObject(item) ? aliased(item, alias) : item)
  return head in reply ? { ...reply, [head]: Array.isArray(inner) ? inner.map(act) : act(inner) } : reply
}

const aliased = (reply: Json, alias: Alias): Json => {
  const dot = alias.on.indexOf('.')
  if (dot > 0) return further(reply, alias.on.slice(0, dot), { ...alias, on: alias.on.slice(dot + 1) })
  const { on, keys = {}, lift, into } = alias
  const target = on === '' ? reply : reply[on]
  if (into !== undefined) return into in reply ? reply : { ...reply, [into]: gathered(target, keys) }
  const changed = Array.isArray(target) ? target.map((item) => renamed(item, keys)) : renamed(target, keys)
  const base = on === '' ? (changed as Json) : { ...reply, [on]: changed }
  return lift && isObject(changed) ? { ...lifted(changed, lift), ...base } : base
}

// The one place where a reply gets a second spelling, after it was checked against its contract.
export const onWire = (contract: Contract, reply: unknown, withAliases: boolean): unknown => {
  if (!withAliases || !isObject(reply)) return reply
  const named = (contract.aliases ?? []).reduce(aliased, reply)
  return contract.camel ? withCamel(named, new Set(contract.verbatim)) : named
}
