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

// Rows of all commands that go through the same statement travel as one JSON parameter; `i` leads back.
export const mergeWrites = (commands: readonly Command[]): Merged[] => {
  const byName = new Map<string, Merged>()
  commands.forEach((command, commandIndex) => {
    command.writes.forEach(({ statement, rows, guard }, writeIndex) => {
      const isGuard = guard ?? false
      const key = `${statement.name} ${isGuard}`
      const merged = byName.get(key) ?? { statement, guard: isGuard, rows: [], origin: [] }
      byName.set(key, merged)
      for (const row of rows) {
        merged.rows.push({ ...row, i: merged.rows.length, tenant_id: command.tenantId })
        merged.origin.push({ command: commandIndex, write: writeIndex })
      }
    })
  })
  return [...byName.values()].sort((a, b) => Number(b.guard) - Number(a.guard))
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
