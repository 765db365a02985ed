import { seesTexts } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import type { QueryOf } from '@/lib/shared/contract'
import type { getEval as contract, EvalReply } from '../contract'
import { requireRun } from './find-eval'
import { presentCase, presentRun } from './present'
import { byCase, type CaseSum, type Reckoned, reckon } from './reckon'
import * as store from './store'

type Page = Partial<Pick<QueryOf<typeof contract>, 'status' | 'case_id' | 'texts' | 'limit' | 'offset'>>

const AT_ONCE = 500

/** Whether the caller sees what runs answered; who does so in the console leaves a row. */
export const openedBy = async (scope: Scope, id: string): Promise<boolean> => {
  const isOpen = seesTexts(scope)
  if (isOpen && scope.identity.plane === 'ops')
    await scope.command({ audit: [{ event: 'trace_revealed', entityId: id, data: { by: 'evaluation' } }] })
  return isOpen
}

export const caseRows = async (scope: Scope, id: string, wanted: readonly CaseSum[]): Promise<store.ResultRow[]> => {
  const rows: store.ResultRow[] = []
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const positions = wanted.slice(from, from + AT_ONCE).map(({ position }) => position)
    rows.push(...(await store.findResults(scope.db, id, positions)))
  }
  return rows
}

export const reckoned = async (scope: Scope, id: string): Promise<Reckoned> =>
  reckon(await store.findMarks(scope.db, id))

/** An evaluation as it stands now, with a page of its cases. */
export const getEval = async (scope: Scope, id: string, page: Page = {}): Promise<EvalReply> => {
  const row = await requireRun(scope, id)
  const found = await reckoned(scope, row.id)
  const { status, case_id: caseId, texts, limit = 1_000, offset = 0 } = page
  const wanted = found.sums.filter(
    (one) => (status === undefined || one.status === status) && (caseId === undefined || one.caseId === caseId),
  )
  const rows = await caseRows(scope, row.id, wanted.slice(offset, offset + limit))
  const hasTexts = rows.some(({ output }) => output !== null)
  const isOpen = texts !== 'false' && (hasTexts ? await openedBy(scope, row.id) : seesTexts(scope))
  return presentRun(
    row,
    found,
    byCase(rows).map((attempts) => presentCase(attempts, isOpen)),
  )
}
