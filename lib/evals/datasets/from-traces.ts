import { seesTexts } from '@/lib/core/reach'
import type { MutateDb, Scope } from '@/lib/core/scope'
import type { BodyOf, ReplyOf } from '@/lib/shared/contract'
import { isProblem, Problem } from '@/lib/shared/problem'
import { readRecord, type TraceRecord } from '@/lib/tracing'
import type { addTraces as contract } from '../contract'
import { EvalCase } from '../contract'
import { requireDataset } from './find-dataset'
import { presentDataset } from './present'
import { type SourcedCase, saveCases } from './save-dataset'

type Json = Record<string, unknown>

const ROLES = ['user', 'assistant', 'system']

// What a dataset holds is seen by whoever may see evaluations, so whoever fills it must be allowed to see the texts.
export const assertSeesTexts = (scope: Scope): void => {
  if (seesTexts(scope)) return
  throw new Problem('permission_denied', 'To make cases of what was said needs the permission to see it.', {
    permission: 'trace:reveal',
  })
}

/** Who takes texts out of traces in the console leaves a row, as whoever reads them does. */
export const noteTaken = (scope: Scope, db: MutateDb, traceIds: readonly string[]): void => {
  if (scope.identity.plane !== 'ops') return
  for (const id of traceIds) db.audit({ event: 'trace_revealed', entityId: id, traceId: id, data: { by: 'dataset' } })
}

const listOf = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : [])

const historyOf = ({ inputs }: TraceRecord): EvalCase['history'] => {
  const said = listOf(inputs['messages']).filter(
    ({ role, content }) => ROLES.includes(String(role)) && typeof content === 'string' && content !== '',
  )
  return said.length === 0
    ? undefined
    : said.map(({ role, content }) => ({ role: role as 'user', content: String(content) }))
}

const callsOf = ({ outcome }: TraceRecord): { name: string; result: unknown }[] =>
  listOf(outcome['tool_calls'])
    .filter(({ permitted }) => permitted === true)
    .map(({ name, result }) => ({ name: String(name), result }))

export type Taking = {
  expect_answer: boolean
  expect_tool_calls: boolean
  with_mocks: boolean
  tags?: string[] | undefined
  expected?: EvalCase['expected_output'] | undefined
}

/** What a run was asked, as it is stored: what was masked stays masked. A sentence where it cannot be told. */
export const caseOfTrace = (record: TraceRecord, wish: Taking): SourcedCase | string => {
  const message = record.inputs['message']
  if (record.storage !== 'full') return 'Its texts are gone by the retention policy.'
  if (typeof message !== 'string' || message.trim() === '') return 'It does not say what it was asked.'
  const answer = record.outcome['message']
  if (wish.expect_answer && (typeof answer !== 'string' || answer === '')) return 'It has no answer.'
  const [calls, history] = [callsOf(record), historyOf(record)]
  const expected = wish.expected ?? (wish.expect_answer ? answer : undefined)
  const made = EvalCase.safeParse({
    id: `trace-${record.id}`,
    input: message,
    ...(history ? { history } : {}),
    ...(expected === undefined ? {} : { expected_output: expected }),
    ...(wish.expect_tool_calls ? { expected_tool_calls: calls.map(({ name }) => name) } : {}),
    ...(wish.with_mocks && calls.length > 0
      ? { mocks: Object.fromEntries(calls.map(({ name, result }) => [name, { returns: result }])) }
      : {}),
    ...(wish.tags === undefined ? {} : { tags: wish.tags }),
  })
  return made.success ? { ...made.data, traceId: record.id } : 'It does not fit into a case.'
}

type Found = { id: string; made: SourcedCase | string }

const found = async (scope: Scope, id: string, wish: Taking): Promise<Found> => {
  try {
    return { id, made: caseOfTrace(await readRecord(scope, id), wish) }
  } catch (error) {
    if (isProblem(error) && error.code === 'not_found') return { id, made: 'There is no such trace.' }
    throw error
  }
}

/** Cases from runs, added to a dataset. A run that is there already takes the place of its earlier case. */
export const addTraces = async (
  scope: Scope,
  name: string,
  body: BodyOf<typeof contract>,
): Promise<ReplyOf<typeof contract>> => {
  if (!body.create) await requireDataset(scope, name)
  assertSeesTexts(scope)
  const all: Found[] = []
  for (const id of new Set(body.trace_ids.map((one) => one.toLowerCase()))) all.push(await found(scope, id, body))
  const cases = all.flatMap(({ made }) => (typeof made === 'string' ? [] : [made]))
  const skipped = all.flatMap(({ id, made }) => (typeof made === 'string' ? [{ trace_id: id, reason: made }] : []))
  if (cases.length === 0) throw new Problem('invalid_request', 'None of these traces makes a case.', { skipped })
  const { row, version } = await saveCases(scope, {
    name,
    description: body.description,
    mode: 'merge',
    cases,
    alongside: async (db) =>
      noteTaken(
        scope,
        db,
        cases.map(({ traceId }) => traceId ?? ''),
      ),
  })
  return { status: 'ok', dataset: presentDataset(row, version), added: cases.length, skipped }
}
