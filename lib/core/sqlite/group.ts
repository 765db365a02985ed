import { appendAudit } from '../audit/append-sqlite'
import { auditsByTenant, mergeWrites, type Outcome, splitResults } from '../group'
import { storableJson } from '../rows-json'
import type { Command, CommandResult } from '../writer'
import { prepared, type SqliteHandle } from './handle'

// A group is one transaction: one statement per table for all its commands. If that fails, or a guard
// refuses a part of some command, each command runs alone behind its own savepoint, so that a bad row
// never fails its neighbours.
export const applyGroup = (handle: SqliteHandle, commands: readonly Command[], now: Date): Outcome[] => {
  const together = attempt(handle, () => applyTogether(handle, commands, now))
  if (together.ok) return together.value.map((result) => ({ ok: true, result }))
  return commands.map((command) => {
    const alone = attempt(handle, () => applyTogether(handle, [command], now))
    if (alone.ok) return { ok: true, result: alone.value[0] ?? { applied: true, results: [] } }
    return isRefusal(alone.error)
      ? { ok: true, result: { applied: false, results: [] } }
      : { ok: false, error: alone.error }
  })
}

const REFUSAL = Symbol('refused')

const isRefusal = (error: unknown): boolean => error === REFUSAL

type Attempt<T> = { ok: true; value: T } | { ok: false; error: unknown }

const attempt = <T>(handle: SqliteHandle, work: () => T): Attempt<T> => {
  handle.exec('SAVEPOINT command')
  try {
    const value = work()
    handle.exec('RELEASE command')
    return { ok: true, value }
  } catch (error) {
    handle.exec('ROLLBACK TO command; RELEASE command')
    return { ok: false, error }
  }
}

const applyTogether = (handle: SqliteHandle, commands: readonly Command[], now: Date): CommandResult[] => {
  const merged = mergeWrites(commands)
  const returned = merged.map((write) => {
    const rows = prepared(handle, write.statement.sqlite).all({ rows: storableJson(write.rows) }) as Record<
      string,
      unknown
    >[]
    if (write.guard && rows.length < write.rows.length) throw REFUSAL
    return rows
  })
  for (const [tenantId, drafts] of auditsByTenant(commands)) appendAudit(handle, tenantId, drafts, now)
  return splitResults(commands, merged, returned)
}
