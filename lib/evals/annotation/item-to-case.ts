import type { Scope } from '@/lib/core/scope'
import type { BodyOf, ReplyOf } from '@/lib/shared/contract'
import { Problem } from '@/lib/shared/problem'
import { readRecord } from '@/lib/tracing'
import { type itemToCase as contract, EvalCase } from '../contract'
import { assertSeesTexts, caseOfTrace, noteTaken } from '../datasets/from-traces'
import { saveCases } from '../datasets/save-dataset'
import { findDataset } from '../datasets/store'
import { assertOpen, overtaken, presentItem, requireItem } from './queue'
import { changeItem } from './store'

const NO_EXPECTATION = 'Say first what a good answer would have been.'

/** A case of a dataset: what the run was asked, and what a person expects of the answer. */
export const itemToCase = async (
  scope: Scope,
  id: string,
  { dataset, tags }: BodyOf<typeof contract>,
): Promise<ReplyOf<typeof contract>> => {
  assertSeesTexts(scope)
  const row = await requireItem(scope, id)
  assertOpen(row)
  const { value } = (row.expected ?? {}) as { value?: unknown }
  const expected = EvalCase.shape.expected_output.safeParse(value).data
  if (row.status !== 'done' || expected === undefined) throw new Problem('invalid_request', NO_EXPECTATION)
  const wish = { expect_answer: false, expect_tool_calls: false, with_mocks: false, tags, expected }
  const made = caseOfTrace(await readRecord(scope, row.traceId), wish)
  if (typeof made === 'string') throw new Problem('invalid_request', made)
  const saved = await saveCases(scope, {
    name: dataset,
    mode: 'merge',
    cases: [made],
    alongside: async (db) => {
      noteTaken(scope, db, [row.traceId])
      const found = await findDataset(db, dataset)
      const change = { datasetId: found?.id ?? null, caseId: made.id ?? null }
      if ((await changeItem(db, row, change)) === null) overtaken()
    },
  })
  const item = await requireItem(scope, id)
  return { status: 'ok', item: presentItem(item), dataset_version: saved.row.latestVersion }
}
