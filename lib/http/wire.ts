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

type Name = { key: string; head: string; double: string; doubleHead: string; isOpaque: boolean }

const nameMade = (key: string): Name => {
  const double = spelled(key)
  const isOpaque = OPAQUE.has(key) || key.startsWith('entries_by')
  return { key, head: `${JSON.stringify(key)}:`, double, doubleHead: `${JSON.stringify(double)}:`, isOpaque }
}

type Names = Map<string, Name>

const knownNames = (): Names => kernel().slot('http.names', (): Names => new Map())

// A page of fifty rows has thousands of keys and a hundred different ones.
const nameOf = (names: Names, key: string): Name => {
  const known = names.get(key)
  if (known !== undefined) return known
  const made = nameMade(key)
  if (names.size < MOST_NAMES && key.length <= LONGEST_NAME) names.set(key, made)
  return made
}

const camel = (key: string): string => (key.includes('_') ? spelled(key) : key)

// Annotations are a map in a summary and a list of rows elsewhere.
const isVerbatim = ({ key, isOpaque }: Name, value: unknown, { verbatim, doubled }: Spelling): boolean =>
  (isOpaque && !doubled.has(key)) || verbatim.has(key) || (key === 'annotations' && !Array.isArray(value))

// Second names of keys, by the place of the object that has them.
type Renames = { here: readonly (readonly [alias: string, from: string])[]; below: Map<string, Renames> }

type Spelling = { isDoubled: boolean; verbatim: ReadonlySet<string>; doubled: ReadonlySet<string>; names: Names }

// Text is made in one pass: a value that goes out under two names is written once.
const written = (value: unknown): string => JSON.stringify(value) ?? 'null'

const isAbsent = (value: unknown): boolean => value === undefined || typeof value === 'function'

const memberOf = (value: Json, { key, head, double, doubleHead }: Name, text: string, isDoubled: boolean): string =>
  !isDoubled || double === key || double in value ? `,${head}${text}` : `,${head}${text},${doubleHead}${text}`

const renamedMembers = (value: Json, texts: ReadonlyMap<string, string>, here: Renames['here'], spelling: Spelling) =>
  here.map(([alias, from]) => {
    const text = texts.get(from)
    const name = nameOf(spelling.names, alias)
    return text === undefined || alias in value ? '' : memberOf(value, name, text, spelling.isDoubled)
  })

const writeObject = (value: Json, renames: Renames | undefined, spelling: Spelling): string => {
  const { isDoubled, names } = spelling
  const texts = renames && renames.here.length > 0 ? new Map<string, string>() : null
  let members = ''
  for (const key of Object.keys(value)) {
    const item = value[key]
    if (isAbsent(item)) continue
    const name = nameOf(names, key)
    const text = write(item, renames?.below.get(key), spelling, name)
    texts?.set(key, text)
    members += memberOf(value, name, text, isDoubled)
  }
  if (texts && renames) members += renamedMembers(value, texts, renames.here, spelling).join('')
  return `{${members.slice(1)}}`
}

// Data keyed by data keeps its keys; what a contract names in it by hand it gets.
const write = (value: unknown, renames: Renames | undefined, spelling: Spelling, name?: Name): string => {
  if (typeof value !== 'object' || value === null || 'toJSON' in value) return written(value)
  const isData = name !== undefined && isVerbatim(name, value, spelling)
  if (isData && renames === undefined) return written(value)
  const inside = isData ? { ...spelling, isDoubled: false } : spelling
  if (!Array.isArray(value)) return writeObject(value as Json, renames, inside)
  return `[${value.map((item) => (isAbsent(item) ? 'null' : write(item, renames, inside))).join(',')}]`
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

const noRenames = (): Renames => ({ here: [], below: new Map() })

const placeIn = (root: Renames, path: string): Renames => {
  let place = root
  for (const key of path === '' ? [] : path.split('.')) {
    const next = place.below.get(key) ?? noRenames()
    place.below.set(key, next)
    place = next
  }
  return place
}

const renamesIn = (aliases: readonly Alias[]): Renames | undefined => {
  if (aliases.length === 0) return undefined
  const root = noRenames()
  for (const { on, keys = {} } of aliases) {
    const place = placeIn(root, on)
    place.here = [...place.here, ...Object.entries(keys)]
  }
  return root
}

// The one place where a reply gets a second spelling, after it was checked against its contract.
export const wireText = (contract: Contract, reply: unknown, withAliases: boolean): string => {
  if (!withAliases || !isObject(reply)) return written(reply)
  const { aliases = NO_ALIASES, camel: isDoubled = false, verbatim, doubled } = contract
  const isSimple = aliases.every(isRename)
  const named = isSimple ? reply : aliases.reduce(aliased, reply)
  const renames = renamesIn(isSimple ? aliases : NO_ALIASES)
  if (!isDoubled && renames === undefined) return written(named)
  return write(named, renames, {
    isDoubled,
    verbatim: new Set(verbatim),
    doubled: new Set(doubled),
    names: knownNames(),
  })
}
