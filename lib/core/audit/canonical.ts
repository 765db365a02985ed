import { hash } from 'node:crypto'

export const HASH_VERSION = 2

export type CanonicalParts = {
  tenantId: string
  actor: string
  createdAt: string
  commitment: string
  eventType: string
  traceId: string | null
  userId: string | null
  workspaceId: string | null
}

export type Frame = { head: string; middle: string; tail: string }

const text = (value: string | null): string => (value === null ? 'null' : JSON.stringify(value))

// Stable JSON written by hand in key order: only the previous hash and the number are missing, so that
// PostgreSQL can complete the same bytes under its own lock by joining strings.
export const canonicalFrame = (row: CanonicalParts): Frame => ({
  head: `{"actor":${text(row.actor)},"created_at":${text(row.createdAt)},"event_data":{"commitment":${text(row.commitment)}},"event_type":${text(row.eventType)},"hash_version":${HASH_VERSION},"prev_event_hash":`,
  middle: ',"seq":',
  tail: `,"tenant_id":${text(row.tenantId)},"trace_id":${text(row.traceId)},"user_id":${text(row.userId)},"workspace_id":${text(row.workspaceId)}}`,
})

export const canonicalOf = (frame: Frame, prev: string | null, seq: number): string =>
  `${frame.head}${text(prev)}${frame.middle}${seq}${frame.tail}`

export const eventHashOf = (canonical: string): string => `sha256:${hash('sha256', canonical, 'hex')}`

export const commitPayload = (data: string, saltHex: string): string =>
  `sha256:${hash('sha256', Buffer.concat([Buffer.from(saltHex, 'hex'), Buffer.from(data, 'utf8')]), 'hex')}`

const COMMITMENT = '"event_data":{"commitment":"'
const COMMITMENT_LENGTH = 'sha256:'.length + 64

// The commitment stands in no column. JSON escapes quotes inside strings, so the first match is the key itself.
export const commitmentIn = (canonical: string): string | null => {
  const at = canonical.indexOf(COMMITMENT)
  return at < 0 ? null : canonical.slice(at + COMMITMENT.length, at + COMMITMENT.length + COMMITMENT_LENGTH)
}
