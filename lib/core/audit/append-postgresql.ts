import { type AuditDraft, type Prepared, prepareDrafts } from './draft'

const COLUMNS = [
  ...['tenantId', 'eventType', 'actor', 'userId', 'workspaceId', 'traceId', 'entityId', 'requestId', 'createdAt'],
  ...['head', 'middle', 'tail', 'salt', 'data'],
]

const quoted = COLUMNS.map((name) => `"${name}"`).join(', ')
const typed = COLUMNS.map((name) => `"${name}" ${name === 'createdAt' ? 'timestamp(3)' : 'text'}`).join(', ')

// What stands in the inbox becomes entries at commit, by the deferred trigger "audit_inbox_drain":
// the tenant's head row is locked only inside the commit, never across the network.
export const INBOX_INSERT_SQL = `INSERT INTO "AuditInbox" (${quoted})
SELECT ${quoted} FROM ROWS FROM (json_to_recordset($1::json) AS (${typed})) WITH ORDINALITY ORDER BY ordinality`

export const inboxRows = (tenantId: string, drafts: readonly AuditDraft[], now: Date): string =>
  inboxOf(tenantId, prepareDrafts(tenantId, drafts, now), now)

export const inboxOf = (tenantId: string, rows: readonly Prepared[], now: Date): string => {
  const createdAt = now.toISOString().replace('Z', '')
  return JSON.stringify(rows.map(({ frame, ...columns }) => ({ ...columns, ...frame, tenantId, createdAt })))
}
