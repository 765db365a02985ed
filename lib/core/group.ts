import type { AuditDraft } from './audit/draft'
import type { WriteStatement } from './statement'
import type { Command, CommandResult } from './writer'

export type Outcome = { ok: true; result: CommandResult } | { ok: false; error: unknown }

type Merged = {
  statement: WriteStatement
  guard: boolean
  rows: object[]
  origin: { command: number; write: number }[]
}

// Commands whose statements follow each other in contrary orders: each of them must go alone.
export const CONTRARY = Symbol('contrary')

const keyOf = ({ statement, guard }: { statement: WriteStatement; guard?: boolean }): string =>
  `${statement.name} ${guard ?? false}`

// One order in which every command finds its own; what nobody orders stays as it was first seen.
const ordered = (commands: readonly Command[], keys: readonly string[]): string[] => {
  const before = new Map(keys.map((key) => [key, new Set<string>()]))
  for (const { writes } of commands) {
    const own = [...new Set(writes.map(keyOf))]
    own.forEach((key, at) => {
      const earlier = own[at - 1]
      if (earlier !== undefined) before.get(key)?.add(earlier)
    })
  }
  const done = new Set<string>()
  while (done.size < keys.length) {
    const next = keys.find((key) => !done.has(key) && [...(before.get(key) ?? [])].every((other) => done.has(other)))
    if (next === undefined) throw CONTRARY
    done.add(next)
  }
  return [...done]
}

// Rows of all commands that go through the same statement travel as one JSON parameter; `i` leads back. A command may
// rely on its own order: what it settles is free for what it reserves.
export const mergeWrites = (commands: readonly Command[]): Merged[] => {
  const byName = new Map<string, Merged>()
  commands.forEach((command, commandIndex) => {
    command.writes.forEach((write, writeIndex) => {
      const key = keyOf(write)
      const fresh = { statement: write.statement, guard: write.guard ?? false, rows: [], origin: [] }
      const merged: Merged = byName.get(key) ?? fresh
      byName.set(key, merged)
      for (const row of write.rows) {
        merged.rows.push({ ...row, i: merged.rows.length, tenant_id: command.tenantId })
        merged.origin.push({ command: commandIndex, write: writeIndex })
      }
    })
  })
  return ordered(commands, [...byName.keys()]).flatMap((key) => byName.get(key) ?? [])
}

export const splitResults = (
  commands: readonly Command[],
  merged: readonly Merged[],
  returned: readonly (readonly Record<string, unknown>[])[],
): CommandResult[] => {
  const results = commands.map((command) => command.writes.map((): Record<string, unknown>[] => []))
  merged.forEach((write, index) => {
    for (const row of returned[index] ?? []) {
      const origin = write.origin[Number(row['i'])]
      if (origin) results[origin.command]?.[origin.write]?.push(row)
    }
  })
  return results.map((rows) => ({ applied: true, results: rows }))
}

export const auditsByTenant = (commands: readonly Command[]): Map<string, AuditDraft[]> => {
  const byTenant = new Map<string, AuditDraft[]>()
  for (const { tenantId, audit } of commands) {
    const list = byTenant.get(tenantId) ?? []
    list.push(...audit)
    if (list.length > 0) byTenant.set(tenantId, list)
  }
  return byTenant
}
