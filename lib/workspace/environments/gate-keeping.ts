import { parse } from 'yaml'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { stableJson } from '@/lib/shared/stable-json'
import type { FolderBundle } from '../folder-bundle'
import { loadFolder } from '../load-snapshot'
import { type Pin, type PinSet, setFromTold } from './pin-set'
import { findRolledAway } from './store'

const GATES = /^gates[.]ya?ml$/i
const GATES_FILE = 'gates.yaml'
const MOST_ALIASES = 20

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parsed = (text: string): unknown => {
  try {
    return parse(text, { maxAliasCount: MOST_ALIASES, logLevel: 'error' }) ?? {}
  } catch {
    return null
  }
}

// What is asked at the gate is read by those who promote. Here it is enough that one is named; a file that cannot be
// read, or has a name that nobody reads, counts as one.
const namesGate = ({ texts, paths }: Pick<FolderBundle, 'texts' | 'paths'>, environment: string): boolean => {
  const files = paths.filter((path) => GATES.test(path))
  if (files.length === 0) return false
  const text = texts.get(GATES_FILE)
  const file = files.length === 1 && text !== undefined ? parsed(text) : null
  if (!isMap(file)) return true
  const { environments = {} } = file
  return !isMap(environments) || Object.hasOwn(environments, environment)
}

const partsOf = ({ skillPins, modelPin, providerPin }: PinSet): string =>
  stableJson({ skillPins, modelPin, providerPin })

const isKnown = (seen: Pin, hash: string | undefined): boolean =>
  hash === undefined || hash === seen.versionHash || hash === seen.canary?.versionHash

// Who already runs here came in through the gate: fewer or more people for it, or the end of it, bring nothing new.
const bringsNews = (seen: Pin, next: PinSet | null): boolean =>
  next === null ||
  !isKnown(seen, next.versionHash) ||
  !isKnown(seen, next.canary?.versionHash) ||
  partsOf(seen) !== partsOf(next)

/**
 * The versions that were rolled away since the last promotion. What they ask at the gate is asked still: a way back is
 * none out of the gate.
 */
export const rolledAway = async (scope: Scope, workspaceId: string, environment: string): Promise<string[]> => {
  const sets = (await findRolledAway(scope.db, workspaceId, environment)).map((told) =>
    told === null ? null : setFromTold(told),
  )
  return [...new Set(sets.flatMap((set) => (set === null ? [] : [set.versionHash])))]
}

const isGated = async (scope: Scope, hashes: Iterable<string>, environment: string): Promise<boolean> => {
  for (const hash of new Set(hashes)) {
    const folder = await loadFolder(scope, hash)
    if (folder !== null && namesGate(folder, environment)) return true
  }
  return false
}

/** Whether changes of this environment are promoted, by what runs there and by what was rolled away there. */
export const hasGate = async (
  scope: Scope,
  { workspaceId, environment, seen }: { workspaceId: string; environment: string; seen: Pin | null },
): Promise<boolean> => {
  const now = seen === null ? [] : [seen.versionHash]
  return isGated(scope, [...now, ...(await rolledAway(scope, workspaceId, environment))], environment)
}

/** Where what runs now names a gate for this environment, a change of it is promoted, not pinned. */
export const assertNoGate = async (
  scope: Scope,
  changing: { workspaceId: string; environment: string; seen: Pin | null; next: PinSet | null },
) => {
  const { environment, seen, next } = changing
  if (seen !== null && !bringsNews(seen, next)) return
  if (!(await hasGate(scope, changing))) return
  throw new Problem('promotion_blocked', `${environment} has a gate: promote the change to it.`, {
    environment,
    gates: GATES_FILE,
  })
}
