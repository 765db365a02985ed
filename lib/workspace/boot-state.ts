import { LRUCache } from 'lru-cache'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { findWorkspace } from './store'

const MOST_REMEMBERED = 10_000

export const BOOT_FILES = ['BOOT.md', 'BOOTSTRAP.md'] as const

export const bootFileOf = (texts: ReadonlyMap<string, string>): (typeof BOOT_FILES)[number] | undefined =>
  BOOT_FILES.find((name) => texts.has(name))

// What is complete stays complete, so that word is remembered; that it is not yet is asked each time.
const completed = () => kernel().slot('workspace.booted', () => new LRUCache<string, true>({ max: MOST_REMEMBERED }))

const keyOf = (scope: Scope, id: string): string => `${scope.tenantId} ${id}`

export const rememberBooted = (scope: Scope, id: string): void => void completed().set(keyOf(scope, id), true)

type Facts = { texts: ReadonlyMap<string, string>; hasBootMarker: boolean }

export const isBootComplete = async (scope: Scope, id: string, facts: Facts): Promise<boolean> => {
  if (facts.hasBootMarker || completed().has(keyOf(scope, id))) return true
  if (bootFileOf(facts.texts) === undefined) return false
  const row = await findWorkspace(scope.db, id)
  if (!row?.bootCompletedAt) return false
  rememberBooted(scope, id)
  return true
}
