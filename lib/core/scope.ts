import { LRUCache } from 'lru-cache'
import type { MicroUsd } from '@/lib/shared/money'
import type { Permission, Role, ServiceScope } from '@/lib/shared/rbac'
import type { AuditDraft } from './audit/draft'
import type { AuditEvent } from './audit-events'
import { type Clock, monotonicMs } from './clock'
import type { Row } from './db'
import { kernel } from './kernel'
import type { Log } from './log'
import { createRedactor, knowRules, type Redactor } from './redaction/tenant'
import { storableJson } from './rows-json'
import type { Params, ReadStatement, WriteStatement } from './statement'
import { asReadDb, asWriteDb, type ReadDb, type WriteDb } from './tenant-lock'
import type { CommandResult, CommandWrite } from './writer'

export type { ReadDb, WriteDb } from './tenant-lock'

export type Plane = 'service' | 'ops' | 'agent' | 'internal' | 'job' | 'adapter'

export type Identity = {
  plane: Plane
  actor: string
  userId: string | null
  tenantId: string
  // The tenant a person switched to; a request that names none acts in it.
  activeTenantId?: string
  allowedTenants: readonly string[] | '*'
  // Set for a key whose tenants are its users: it reaches what it has created under this name.
  createsTenantsAs?: string
  workspaceIds: readonly string[] | null
  role: Role | null
  roles: readonly Role[]
  permissions: ReadonlySet<Permission>
  scopes: ReadonlySet<ServiceScope>
  credentialId: string
  // An open break-glass window: every act in it carries its id. `opened` is what the role alone would not allow.
  breakGlassId?: string
  breakGlassUntil?: Date
  opened?: ReadonlySet<Permission>
  // What a token narrows its holder to; nothing said, nothing narrowed.
  allowedTools?: readonly string[] | '*'
  allowedModels?: readonly string[]
  allowedSkills?: readonly string[]
  agentRole?: string
  maxTokens?: number
  budgetRemaining?: MicroUsd
  // An agent that runs elsewhere: who it is, and the most that it may be granted.
  adapter?: { id: string; capabilities: readonly string[]; environment?: string }
  sessionId?: string
  name?: string
  email?: string
}

type About = {
  event: AuditEvent
  entityId?: string
  workspaceId?: string
  traceId?: string
}

export type Mutation<T> = About & { data?: object | ((result: T) => object) }

export type MutateDb = WriteDb & {
  // A further audit row of the same transaction.
  audit(about: About & { data?: object }): void
  run(statement: WriteStatement, rows: readonly object[]): Promise<Row[]>
}

export type Scope = {
  tenantId: string
  workspaceId?: string
  identity: Identity
  actor: string
  permissions: ReadonlySet<Permission>
  requestId: string
  traceId: string
  correlationId?: string
  // The caller chose the trace id, so it may be taken.
  isTraceWished: boolean
  // Where the id that the caller wished is taken: the trace, and the reply's x-trace-id, get another.
  retrace(id: string): void
  // Set where the caller gave an idempotency key.
  once?: Once
  signal: AbortSignal
  log: Log
  clock: Clock
  // Every text passes it on its way into a table: the rules of the house and those of the tenant.
  redaction: Redactor
  db: ReadDb
  rows(statement: ReadStatement, params?: Params): Promise<Row[]>
  mutate<T>(about: Mutation<T>, work: (db: MutateDb) => Promise<T>): Promise<T>
  command(command: { audit: readonly CommandAudit[]; writes?: readonly CommandWrite[] }): Promise<CommandResult>
}

// The claim on one idempotency key. Who has the answer writes it together with its effects.
export type Once = {
  ref: OnceRef
  // The verb writes the answer itself, in the commit of its effects.
  isTaken: boolean
  // The first answer, when this call is a repetition.
  known?: { status: number; reply: unknown }
  write(status: number, reply: unknown): CommandWrite
  // Nothing came of the call: the key is free again.
  release(): Promise<void>
}
// `lease` tells one claim on a key from the next.
export type OnceRef = { principal: string; route: string; key: string; lease: string }

export type CommandAudit = About & { data?: object }

export type ScopeSeed = {
  identity: Identity
  tenantId: string
  workspaceId?: string
  requestId: string
  traceId: string
  correlationId?: string
  isTraceWished?: boolean
  onRetrace?: (id: string) => void
  signal: AbortSignal
  log: Log
}

const MAX_READ_CLIENTS = 500
const SLOW_MUTATION_MS = 250

// Making a locked client costs more than many a read, so tenants share theirs.
const readDbOf = (tenantId: string): ReadDb => {
  const cache = kernel().slot('core.read-clients', () => new LRUCache<string, ReadDb>({ max: MAX_READ_CLIENTS }))
  const known = cache.get(tenantId)
  if (known) return known
  const made = asReadDb(kernel().db.reader, tenantId)
  cache.set(tenantId, made)
  return made
}

// The last word is the identity's: what a verb says of itself cannot hide the window.
const inWindow = ({ identity }: ScopeSeed, data: object): object =>
  identity.breakGlassId === undefined ? data : { ...data, break_glass_id: identity.breakGlassId }

const draftOf = (seed: ScopeSeed, about: About, data: object | undefined): AuditDraft => ({
  event: about.event,
  actor: seed.identity.actor,
  userId: seed.identity.userId,
  requestId: seed.requestId,
  ...(about.entityId === undefined ? {} : { entityId: about.entityId }),
  ...((about.workspaceId ?? seed.workspaceId) ? { workspaceId: about.workspaceId ?? seed.workspaceId } : {}),
  ...(about.traceId === undefined ? {} : { traceId: about.traceId }),
  data: inWindow(seed, data ?? {}),
})

const mutateDb = (seed: ScopeSeed, locked: WriteDb, drafts: AuditDraft[], runSql: MutateDb['run']): MutateDb =>
  Object.assign(Object.create(locked) as WriteDb, {
    tenantId: seed.tenantId,
    audit: (about: About & { data?: object }) => void drafts.push(draftOf(seed, about, about.data)),
    run: runSql,
  })

const stampRows = (tenantId: string, rows: readonly object[]): string =>
  storableJson(rows.map((row, i) => ({ ...row, i, tenant_id: tenantId })))

// What an audit row tells is cleaned by the tenant's rules too; those of the house come with every row.
const cleaned = (redactor: Redactor, draft: AuditDraft): AuditDraft =>
  redactor.isOwn() ? { ...draft, data: redactor.value(draft.data ?? {}) as object } : draft

type Holder = { seed: ScopeSeed; redactor: Redactor }

const mutate = async <T>(
  { seed, redactor }: Holder,
  about: Mutation<T>,
  work: (db: MutateDb) => Promise<T>,
): Promise<T> => {
  const { db, bus, env, log } = kernel()
  await knowRules()
  const tokens: CommandWrite[] = []
  const lock = { tenantId: seed.tenantId, writes: true, open: false, isOpen: () => lock.open }
  const attempt = db.writer.transaction(lock, async (tx) => {
    lock.open = true
    const started = monotonicMs()
    redactor.giveBack(tokens.splice(0))
    try {
      const drafts: AuditDraft[] = []
      const run: MutateDb['run'] = (statement, rows) => tx.run(statement, { rows: stampRows(seed.tenantId, rows) })
      const outcome = await work(mutateDb(seed, asWriteDb(tx.client), drafts, run))
      const data = typeof about.data === 'function' ? about.data(outcome) : about.data
      tx.audit(
        seed.tenantId,
        [draftOf(seed, about, data), ...drafts].map((draft) => cleaned(redactor, draft)),
      )
      tokens.push(...redactor.take())
      for (const { statement, rows } of tokens) await run(statement, rows)
      return outcome
    } finally {
      lock.open = false
      const took = monotonicMs() - started
      if (took > SLOW_MUTATION_MS && !env.isProduction)
        log.warn('slow mutation', { event: about.event, ms: Math.round(took) })
    }
  })
  const result = await attempt.catch((error: unknown) => {
    redactor.giveBack(tokens)
    throw error
  })
  bus.emit('committed', { tenantId: seed.tenantId })
  return result
}

const command = async (
  { seed, redactor }: Holder,
  input: { audit: readonly CommandAudit[]; writes?: readonly CommandWrite[] },
): Promise<CommandResult> => {
  const { db, bus } = kernel()
  await knowRules()
  const audit = input.audit.map((item) => cleaned(redactor, draftOf(seed, item, item.data)))
  const tokens = redactor.take()
  const writes = [...(input.writes ?? []), ...tokens]
  const result = await db.writer.command({ tenantId: seed.tenantId, audit, writes }).catch((error: unknown) => {
    redactor.giveBack(tokens)
    throw error
  })
  if (!result.applied) redactor.giveBack(tokens)
  bus.emit('committed', { tenantId: seed.tenantId })
  return result
}

// Only auth/guard and jobs call this: whoever holds a scope has been let in.
export const createScope = (seed: ScopeSeed): Scope => {
  const names = { traceId: seed.traceId }
  const holder: Holder = { seed, redactor: createRedactor(seed.tenantId) }
  return {
    tenantId: seed.tenantId,
    ...(seed.workspaceId === undefined ? {} : { workspaceId: seed.workspaceId }),
    identity: seed.identity,
    actor: seed.identity.actor,
    permissions: seed.identity.permissions,
    requestId: seed.requestId,
    get traceId() {
      return names.traceId
    },
    isTraceWished: seed.isTraceWished ?? false,
    retrace: (id) => {
      names.traceId = id
      seed.onRetrace?.(id)
    },
    ...(seed.correlationId === undefined ? {} : { correlationId: seed.correlationId }),
    signal: seed.signal,
    log: seed.log,
    clock: kernel().clock,
    redaction: holder.redactor,
    get db() {
      return readDbOf(seed.tenantId)
    },
    rows: (statement, params = {}) => kernel().db.rows(statement, { ...params, tenant: seed.tenantId }),
    mutate: (about, work) => mutate(holder, about, work),
    command: (input) => command(holder, input),
  }
}
