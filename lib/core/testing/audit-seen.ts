import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject } from 'vitest'
import { systemDb } from '../system-db'

const SEEN_FILE = 'audit-seen.jsonl'

export type SeenEvent = { suite: string; event: string; kind: string | null; keys: readonly string[] }

const MOST_ROWS = 60

// A suite may have spoilt its own log on purpose.
const parsed = (data: string | null): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(data ?? '{}')
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

const payloadsOf = async (eventType: string): Promise<Record<string, unknown>[]> => {
  const where = { eventType }
  const rows = await systemDb().auditEntry.findMany({ where, take: MOST_ROWS, select: { tenantId: true, seq: true } })
  const found = await systemDb().auditPayload.findMany({ where: { OR: rows }, select: { data: true } })
  return found.map(({ data }) => parsed(data))
}

const seenOf = async (suite: string): Promise<SeenEvent[]> => {
  const types = await systemDb().auditEntry.groupBy({ by: ['eventType'] })
  const seen: SeenEvent[] = []
  for (const { eventType } of types)
    for (const payload of await payloadsOf(eventType)) {
      const kind = typeof payload['kind'] === 'string' ? payload['kind'] : null
      seen.push({ suite, event: eventType, kind, keys: Object.keys(payload).sort() })
    }
  return seen
}

/** What stands in the audit log when a suite is over. The run as a whole must have seen every event of the catalogue. */
export const noteAudits = async (): Promise<void> => {
  const suite = (expect.getState().testPath ?? '').replace(`${process.cwd()}/`, '')
  const seen = await seenOf(suite).catch(() => [])
  const lines = new Set(seen.map((one) => JSON.stringify(one)))
  if (lines.size > 0) appendFileSync(join(inject('runFolder'), SEEN_FILE), `${[...lines].join('\n')}\n`)
}
