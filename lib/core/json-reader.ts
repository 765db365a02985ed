import type { SchemaFault } from './schema-reader'

type Needs = { names: boolean }
type State = { nodes: number; needs: Needs; fault: SchemaFault | null }

const MOST_NODES = 20_000
const MOST_DEPTH = 64
const MOST_NAME = 256

const complain = (state: State, path: string, message: string): null => {
  state.fault ??= { path, message }
  return null
}

const under = (at: string, key: string | number): string =>
  `${at}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`

const readList = (value: readonly unknown[], at: string, depth: number, state: State): unknown => {
  const out: unknown[] = []
  for (const [i, item] of value.entries()) {
    if (state.fault) return null
    out.push(read(item, under(at, i), depth + 1, state))
  }
  return out
}

// Without a prototype, so that no name finds what the value does not hold.
const readObject = (value: object, at: string, depth: number, state: State): unknown => {
  const out: Record<string, unknown> = Object.create(null)
  for (const [key, item] of Object.entries(value)) {
    if (state.fault) return null
    if (state.needs.names && key.length > MOST_NAME) return complain(state, at, 'has a name that is too long')
    if (item !== undefined) out[key] = read(item, under(at, key), depth + 1, state)
  }
  return out
}

const read = (value: unknown, at: string, depth: number, state: State): unknown => {
  state.nodes += 1
  if (state.nodes > MOST_NODES) return complain(state, '', `has more than ${MOST_NODES} parts`)
  if (depth > MOST_DEPTH) return complain(state, '', `is nested deeper than ${MOST_DEPTH} levels`)
  if (Array.isArray(value)) return readList(value, at, depth, state)
  if (typeof value === 'object' && value !== null) return readObject(value, at, depth, state)
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value
  return Number.isFinite(value) ? value : complain(state, at, 'is not JSON')
}

// A copy of plain JSON with limits: what was given is never looked at again.
export const readJson = (value: unknown, needs: Needs): { value: unknown; fault: SchemaFault | null } => {
  const state: State = { nodes: 0, needs, fault: null }
  try {
    return { value: read(value, '', 0, state), fault: state.fault }
  } catch {
    return { value: null, fault: { path: '', message: 'cannot be read' } }
  }
}
