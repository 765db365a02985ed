import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import type { ReplyOf } from '@/lib/shared/contract'
import { stableJson } from '@/lib/shared/stable-json'
import type { Agreement, judgeAgreement as contract, Judge } from '../contract'
import { KnownCase } from '../contract'
import { sha256 } from '../datasets/identity'
import { requireRun } from '../runs/find-eval'
import { scorersOf } from '../runs/kept-options'
import { marksOf } from '../runs/reckon'
import { findRun, type ResultRow, type RunRow } from '../runs/store'
import { isJudge, nameOf } from '../scorers/score-case'
import { agreementOf, confusionOf, kappaInterval, kappaOf, type Pair, readingOf } from '../statistics/kappa'
import { findAllLabels, findLabels, type LabelRow } from './store'

const MOST_LABELS = 20_000
const AT_ONCE = 200

// The same rubric asked of the same model is one judge, in whatever evaluation it sat.
const hashOf = ({ rubric, model, threshold }: Judge): string =>
  sha256(stableJson({ rubric, model, threshold })).slice(0, 12)

const judgeNamed = (row: RunRow, result: ResultRow, scorer: string): Judge | undefined => {
  const own = KnownCase.parse({ ...(result.caseBody as object), id: result.caseId }).scorers ?? []
  return [...scorersOf(row), ...own].filter(isJudge).find((judge) => nameOf(judge) === scorer)
}

type Item = { judge: Judge; name: string; verdict: boolean | null; votes: boolean[] }

const keyOf = ({ runId, caseId, attempt, scorer }: LabelRow): string => JSON.stringify([runId, caseId, attempt, scorer])

const resultsFor = async (scope: Scope, labels: readonly LabelRow[]): Promise<ReadonlyMap<string, ResultRow>> => {
  const wanted = [...new Map(labels.map((one) => [JSON.stringify([one.runId, one.caseId, one.attempt]), one])).values()]
  const found = new Map<string, ResultRow>()
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const OR = wanted.slice(from, from + AT_ONCE).map(({ runId, caseId, attempt }) => ({ runId, caseId, attempt }))
    for (const row of await scope.db.evalResult.findMany({ where: { OR } }))
      found.set(JSON.stringify([row.runId, row.caseId, row.attempt]), row)
  }
  return found
}

const runsFor = async (scope: Scope, labels: readonly LabelRow[]): Promise<ReadonlyMap<string, RunRow>> => {
  const found = new Map<string, RunRow>()
  for (const id of new Set(labels.map(({ runId }) => runId))) {
    const row = await findRun(scope.db, id)
    const isSeen = row !== null && isInReach(scope, { workspaceId: row.workspaceId, userId: row.startedById })
    if (row && isSeen) found.set(id, row)
  }
  return found
}

const itemsOf = async (scope: Scope, labels: readonly LabelRow[]): Promise<Item[]> => {
  const [results, runs] = [await resultsFor(scope, labels), await runsFor(scope, labels)]
  const items = new Map<string, Item>()
  for (const label of labels) {
    const known = items.get(keyOf(label))
    if (known) {
      known.votes.push(label.passed)
      continue
    }
    const row = runs.get(label.runId)
    const result = results.get(JSON.stringify([label.runId, label.caseId, label.attempt]))
    const judge = row && result ? judgeNamed(row, result, label.scorer) : undefined
    if (!judge || !result) continue
    const part = marksOf(result.scores).parts.find(({ name }) => name === label.scorer)
    items.set(keyOf(label), { judge, name: label.scorer, verdict: part?.passed ?? null, votes: [label.passed] })
  }
  return [...items.values()]
}

// Where people are divided evenly, they have not said what is right.
const majority = (votes: readonly boolean[]): boolean | null => {
  const yes = votes.filter(Boolean).length
  return yes * 2 === votes.length ? null : yes * 2 > votes.length
}

const agreementFor = (items: readonly Item[]): Agreement | null => {
  const [first] = items
  if (!first) return null
  const pairs: Pair[] = items.flatMap(({ verdict, votes }) => {
    const human = majority(votes)
    return verdict === null || human === null ? [] : [{ judge: verdict, human }]
  })
  const confusion = confusionOf(pairs)
  const kappa = kappaOf(confusion)
  const around = kappaInterval(pairs)
  return {
    judge: first.name,
    model: first.judge.model ?? '',
    judge_hash: hashOf(first.judge),
    labelled: pairs.length,
    undecided: items.filter(({ verdict }) => verdict === null).length,
    agreement: agreementOf(confusion),
    kappa,
    kappa_low: around?.low ?? null,
    kappa_high: around?.high ?? null,
    reading: readingOf(kappa),
    confusion,
  }
}

/** How far each judge agrees with what people said of the same answers. */
export const judgeAgreement = async (
  scope: Scope,
  { eval_id: id }: { eval_id?: string | undefined },
): Promise<ReplyOf<typeof contract>> => {
  const labels =
    id === undefined
      ? await findAllLabels(scope.db, MOST_LABELS)
      : await findLabels(scope.db, (await requireRun(scope, id)).id)
  const judges = new Map<string, Item[]>()
  for (const item of await itemsOf(scope, labels)) {
    const hash = hashOf(item.judge)
    judges.set(hash, [...(judges.get(hash) ?? []), item])
  }
  return {
    judges: [...judges.values()].flatMap((items) => agreementFor(items) ?? []),
    labels_looked_at: labels.length,
  }
}
