import { createHmac } from 'node:crypto'
import { kernel } from '../kernel'
import { secretsKey } from '../local-secrets'
import { seal, unseal } from '../sealed'
import { readStatement, storedTime, writeStatement } from '../statement'
import { systemDb } from '../system-db'
import type { CommandWrite } from '../writer'
import type { SpanType } from './input'
import { compileRules, joinedRules, lookOf, NO_RULES, type RuleRow, type Rules, type TokenRow } from './rules'
import { redactText, redactValue } from './value'

// The tenants that have rules of their own, in this process. `told` is what their rows said.
type Known = { all: Promise<void> | null; of: Map<string, { told: string; rules: Rules }> }

const known = (): Known => kernel().slot('core.redaction-rules', (): Known => ({ all: null, of: new Map() }))

const findRules = readStatement(`SELECT "name", "pattern", "strategy", "replacement", "isEnabled" FROM "RedactionRule"
  WHERE "tenantId" = :tenant ORDER BY "name"`)

const keep = (tenantId: string, rows: readonly RuleRow[]): void => {
  const { of } = known()
  const told = JSON.stringify(rows)
  if (rows.length === 0) of.delete(tenantId)
  else if (of.get(tenantId)?.told !== told) of.set(tenantId, { told, rules: compileRules(rows) })
}

const rowOf = (row: Record<string, unknown>): RuleRow => ({
  name: String(row['name']),
  pattern: row['pattern'] === null ? null : String(row['pattern']),
  strategy: String(row['strategy']),
  replacement: row['replacement'] === null ? null : String(row['replacement']),
  isEnabled: Boolean(row['isEnabled']),
})

const loadAll = async (): Promise<void> => {
  const rows = await systemDb().redactionRule.findMany({ orderBy: [{ tenantId: 'asc' }, { name: 'asc' }] })
  const tenants = new Map<string, RuleRow[]>()
  for (const { tenantId, name, pattern, strategy, replacement, isEnabled } of rows) {
    const own = tenants.get(tenantId) ?? []
    own.push({ name, pattern, strategy, replacement, isEnabled })
    tenants.set(tenantId, own)
  }
  for (const [tenantId, own] of tenants) keep(tenantId, own)
}

/** Before the first text is looked at in this process: the rules of all tenants. */
export const knowRules = (): Promise<void> => {
  const state = known()
  state.all ??= loadAll().catch((error: unknown) => {
    state.all = null
    throw error
  })
  return state.all
}

/** The rules as they are now, whichever process changed them: read before each request that may store something. */
export const freshRules = async (tenantId: string): Promise<void> => {
  await knowRules()
  keep(tenantId, (await kernel().db.rows(findRules, { tenant: tenantId })).map(rowOf))
}

export const rulesOf = (tenantId: string): Rules => known().of.get(tenantId)?.rules ?? NO_RULES

const keyOf = (tenantId: string): Buffer =>
  createHmac('sha256', Buffer.from(secretsKey(), 'hex')).update(`redaction\0${tenantId}`).digest()

const ownerOf = (tenantId: string, token: string): string => `redaction:${tenantId}:${token}`

const insertTokens = writeStatement('core.redaction-tokens', {
  sqlite: `INSERT INTO "RedactionToken" ("tenantId", "token", "kind", "sealed", "createdAt")
    SELECT json_extract(value, '$.tenant_id'), json_extract(value, '$.token'), json_extract(value, '$.kind'),
      json_extract(value, '$.sealed'), json_extract(value, '$.at')
    FROM json_each(:rows) WHERE true ON CONFLICT ("tenantId", "token") DO NOTHING`,
  postgresql: `INSERT INTO "RedactionToken" ("tenantId", "token", "kind", "sealed", "createdAt")
    SELECT r.tenant_id, r.token, r.kind, r.sealed, r.at
    FROM json_to_recordset(:rows::json) AS r(tenant_id text, token text, kind text, sealed text, at timestamp(3))
    ORDER BY r.tenant_id, r.token ON CONFLICT ("tenantId", "token") DO NOTHING`,
})

export const unsealToken = (tenantId: string, token: string, sealed: string): string | null =>
  unseal(secretsKey(), ownerOf(tenantId, token), sealed)

export type Noted = (type: SpanType) => void

export type Cleaner = {
  // Whether anything differs from the rules of the house: what is remembered across tenants is then of no use.
  isOwn(): boolean
  text(text: string): string
  value(value: unknown): unknown
  // Who hears of what is found.
  noted: Noted | null
}

/** How a tenant's texts are cleaned. What can be asked for again waits until the next commit of the same scope. */
export type Redactor = Cleaner & {
  // The same, and somebody hears of what is found.
  noting(noted: Noted): Cleaner
  // From here on these rules count too, after those of the tenant: what a run uses may ask for more than its tenant does.
  also(rows: readonly RuleRow[]): void
  // The sealed values that must stand in the commit of the texts; given back when nothing came of it.
  take(): CommandWrite[]
  giveBack(writes: readonly CommandWrite[]): void
}

export const createRedactor = (tenantId: string): Redactor => {
  const waiting = new Map<string, TokenRow>()
  const state: { key: Buffer | null } = { key: null }
  const means = () => {
    state.key ??= keyOf(tenantId)
    return { key: state.key, keep: (row: TokenRow) => void waiting.set(row.token, row) }
  }
  const sealed = ({ token, kind, value }: TokenRow) => ({
    token,
    kind,
    sealed: seal(secretsKey(), ownerOf(tenantId, token), value),
    at: storedTime(kernel().clock.now()),
  })
  const taken = new WeakMap<CommandWrite, TokenRow[]>()
  const more = { rows: [] as readonly RuleRow[], rules: NO_RULES, base: NO_RULES, joined: NO_RULES }
  const rules = (): Rules => {
    const base = rulesOf(tenantId)
    if (!more.rules.isOwn) return base
    if (more.base !== base || !more.joined.isOwn) Object.assign(more, { base, joined: joinedRules(base, more.rules) })
    return more.joined
  }
  const isOwn = () => rules().isOwn
  const look = (noted?: Noted) => lookOf(rules(), means, noted)
  return {
    isOwn,
    text: (text) => (isOwn() ? look().text(text) : redactText(text)),
    value: (value) => (isOwn() ? redactValue(value, look()) : redactValue(value)),
    noted: null,
    noting: (noted) => ({
      isOwn,
      noted,
      text: (text) => look(noted).text(text),
      value: (value) => redactValue(value, look(noted)),
    }),
    also: (rows) => {
      const fresh = rows.filter((row) => !more.rows.some(({ name }) => name === row.name))
      if (fresh.length === 0) return
      more.rows = [...more.rows, ...fresh]
      Object.assign(more, { rules: compileRules(more.rows), joined: NO_RULES })
    },
    take: () => {
      if (waiting.size === 0) return []
      const rows = [...waiting.values()]
      waiting.clear()
      const write: CommandWrite = { statement: insertTokens, rows: rows.map(sealed) }
      taken.set(write, rows)
      return [write]
    },
    giveBack: (writes) => {
      for (const row of writes.flatMap((write) => taken.get(write) ?? [])) waiting.set(row.token, row)
    },
  }
}

/** For what is not stored beside its commit, such as the error of a job: nothing that could be asked for again. */
export const redactFor = (tenantId: string, text: string): string => {
  const rules = rulesOf(tenantId)
  return rules.isOwn ? lookOf(rules, () => ({ key: keyOf(tenantId), keep: null })).text(text) : redactText(text)
}

/** What would be written; no token becomes known by it. */
export const previewWith = (tenantId: string, rules: Rules, text: string): string =>
  lookOf(rules, () => ({ key: keyOf(tenantId), keep: () => undefined })).text(text)
