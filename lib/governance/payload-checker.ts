import { commitmentIn, commitPayload } from '../core/audit/canonical'
import type { Failure } from './audit-checker'
import type { PayloadRow } from './store'

export const ERASED_ENTITY = 'audit:'

type Add = (code: string, seq: number | null, message: string) => void

const fieldOf = (payload: unknown, name: string): string | null => {
  const value = typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>)[name] : undefined
  return typeof value === 'string' && value !== '' ? value : null
}

const parsed = (data: string): unknown => {
  try {
    return JSON.parse(data)
  } catch {
    return null
  }
}

const isErased = (row: PayloadRow): boolean => row.erasedAt !== null && row.data === '' && row.salt === ''

type Verdict = 'good' | 'erased' | 'missing' | 'payload' | 'columns'

// A payload is what its entry committed to, or it was erased; the columns made for searching repeat it.
const judge = (row: PayloadRow, canonical: string): Verdict => {
  if (row.data === null || row.salt === null) return 'missing'
  if (isErased(row)) return row.entityId === null && row.requestId === null ? 'erased' : 'columns'
  if (commitPayload(row.data, row.salt) !== commitmentIn(canonical)) return 'payload'
  const payload = parsed(row.data)
  const repeats = fieldOf(payload, 'entity_id') === row.entityId && fieldOf(payload, 'request_id') === row.requestId
  return repeats ? 'good' : 'columns'
}

const FAULTS = {
  missing: ['payload_missing', 'The payload is not there'],
  payload: ['payload_mismatch', 'The payload was changed after it was written'],
  columns: ['columns_mismatch', 'Entity or request differ from those of the payload'],
} as const

export const createPayloadChecker = (add: Add) => {
  const state = { checked: 0, erased: [] as number[] }
  const check = (row: PayloadRow, canonical: string): void => {
    const verdict = judge(row, canonical)
    if (verdict === 'erased') state.erased.push(row.seq)
    else state.checked++
    if (verdict === 'good' || verdict === 'erased') return
    const [code, message] = FAULTS[verdict]
    add(`seq_${row.seq}_${code}`, row.seq, message)
  }
  return { check, checked: () => state.checked, erased: () => state.erased as readonly number[] }
}

export const unrecorded = (erased: readonly number[], recorded: ReadonlySet<string>): Failure[] =>
  erased
    .filter((seq) => !recorded.has(`${ERASED_ENTITY}${seq}`))
    .map((seq) => ({
      code: `seq_${seq}_erased_without_record`,
      seq,
      message: 'The payload was erased, but no event says by whom',
    }))
