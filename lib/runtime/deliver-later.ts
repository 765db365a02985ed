import type { MutateDb, Mutation, Scope } from '@/lib/core/scope'
import { readStatement } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import { Problem } from '@/lib/shared/problem'
import { backendOf, conclusionWrites, linkWrites, type Posting, post } from './deliver'
import { openParcel, type Parcel } from './parcel'

const findDelivery = readStatement('SELECT "delivery" FROM "Trace" WHERE "tenantId" = :tenant AND "id" = :id')

type Finish = <T>(about: Mutation<T>, work: (db: MutateDb) => Promise<T>) => Promise<T>
type Payload = { trace_id: string; sealed: string }

const standing = async (scope: Scope, id: string): Promise<string | null> => {
  const [row] = await scope.rows(findDelivery, { id })
  return row ? String(row['delivery']) : null
}

// The process that found the answer may have died before its third commit; then that commit is made here.
const writesFor = (scope: Scope, id: string, parcel: Parcel, posting: Posting, isConcluded: boolean) =>
  isConcluded ? Promise.resolve(linkWrites(id, posting)) : conclusionWrites(scope, id, parcel, posting)

const run = async (db: MutateDb, writes: readonly CommandWrite[]): Promise<void> => {
  for (const { statement, rows } of writes) await db.run(statement, rows)
}

const finished = async (id: string, posting: Posting, writes: readonly CommandWrite[], finish: Finish) => {
  const data = {
    delivery: posting.delivery,
    ...(posting.delivery === 'posted' ? { message_id: posting.messageId } : {}),
  }
  await finish({ event: 'agent_answer_delivered', entityId: id, traceId: id, data }, (db) => run(db, writes))
}

// What a run could not bring to the backend itself. The backend knows the key, so it is posted once.
export const deliverLater = async (
  scope: Scope,
  { trace_id: id, sealed }: Payload,
  { finish, signal }: { finish: Finish; signal: AbortSignal },
): Promise<void> => {
  const parcel = openParcel(scope, id, sealed)
  const state = await standing(scope, id)
  if (parcel === null || state === null) throw new Problem('not_found', 'There is nothing to deliver any more.')
  const isConcluded = state === 'pending'
  const posting = await post(scope, await backendOf(scope, id, parcel, signal), id, parcel)
  const writes = await writesFor(scope, id, parcel, posting, isConcluded)
  if (posting.delivery !== 'pending') return finished(id, posting, writes, finish)
  if (!isConcluded) await scope.command({ audit: [], writes })
  throw posting.problem
}
