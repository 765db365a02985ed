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

// Text is made in one pass: a value that goes out under two names is written once.
const written = (value: unknown): string => JSON.stringify(value) ?? 'null'

const isAbsent = (value: unknown): boolean => value === undefined || typeof value === 'function'

const quoted = (key: string): string => {
  const names = kernel().slot('http.quoted', () => new Map<string, string>())
  const known = names.get(key)
  if (known !== undefined) return known
  const made = `${JSON.stringify(key)}:`
  if (names.size < MOST_NAMES && key.length <= LONGEST_NAME) names.set(key, made)
  return made
}

type Spelling = {
  isDoubled: boolean
  verbatim: ReadonlySet<string>
  // Second names of keys, by the path of the object that has them.
  names: ReadonlyMap<string, readonly (readonly [alias: string, from: string])[]>
}

const memberOf = (value: Json, key: string, text: string, isDoubled: boolean): string => {
  const double = isDoubled ? camel(key) : key
  return double === key || double in value ? `${quoted(key)}${text}` : `${quoted(key)}${text},${quoted(double)}${text}`
}

const renamedMembers = (value: Json, texts: ReadonlyMap<string, string>, path: string, spelling: Spelling): string[] =>
  (spelling.names.get(path) ?? []).flatMap(([alias, from]) => {
    const text = texts.get(from)
    return text === undefined || alias in value ? [] : [memberOf(value, alias, text, spelling.isDoubled)]
  })

const writeObject = (value: Json, path: string, spelling: Spelling): string => {
  const { isDoubled, verbatim, names } = spelling
  const texts = names.has(path) ? new Map<string, string>() : null
  const members: string[] = []
  for (const key of Object.keys(value)) {
    const item = value[key]
    if (isAbsent(item)) continue
    const isVerbatim = isOpaque(key, item) || verbatim.has(key)
    const inside = path === '' ? key : `${path}.${key}`
    const text = isVerbatim ? writeVerbatim(item, inside, spelling) : write(item, inside, spelling)
    texts?.set(key, text)
    members.push(memberOf(value, key, text, isDoubled))
  }
  if (texts) members.push(...renamedMembers(value, texts, path, spelling))
  return `{${members.join(',')}}`
}

// Data keyed by data keeps its keys; what a contract names in it by hand it gets.
const writeVerbatim = (value: unknown, path: string, spelling: Spelling): string => {
  const isNamed = [...spelling.names.keys()].some((name) => name === path || name.startsWith(`${path}.`))
  return isNamed ? write(value, path, { ...spelling, isDoubled: false }) : written(value)
}

const write = (value: unknown, path: string, spelling: Spelling): string => {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return written(value)
  if (!Array.isArray(value)) return writeObject(value as Json, path, spelling)
  return `[${value.map((item) => (isAbsent(item) ? 'null' : write(item, path, spelling))).join(',')}]`
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

const NO_ALIASES: readonly Alias[] = []

const isRename = ({ lift, into }: Alias): boolean => lift === undefined && into === undefined

const namesIn = (aliases: readonly Alias[]): Spelling['names'] => {
  const names = new Map<string, (readonly [string, string])[]>()
  for (const { on, keys = {} } of aliases) names.set(on, [...(names.get(on) ?? []), ...Object.entries(keys)])
  return names
}

// The one place where a reply gets a second spelling, after it was checked against its contract.
export const wireText = (contract: Contract, reply: unknown, withAliases: boolean): string => {
  if (!withAliases || !isObject(reply)) return written(reply)
  const { aliases = NO_ALIASES, camel: isDoubled = false, verbatim } = contract
  const isSimple = aliases.every(isRename)
  const named = isSimple ? reply : aliases.reduce(aliased, reply)
  const names = namesIn(isSimple ? aliases : NO_ALIASES)
  if (!isDoubled && names.size === 0) return written(named)
  return write(named, '', { isDoubled, verbatim: new Set(verbatim), names })
}
