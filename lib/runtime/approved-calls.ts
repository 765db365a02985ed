import { consumedAudit, consumeWrite, type DecisionRow, decisionsOfRun, isEnoughFor } from '@/lib/governance'
import type { Judgement, ToolOutcome } from '@/lib/tools'
import { noteOutcome } from './note-tool'
import type { KeptCall, ToolRecord } from './progress'
import type { Run } from './run'
import { type Around, contextOf, type Ready } from './tool-step'
import { actionHashFor } from './waiting-calls'

const WORDS: Readonly<Record<string, string>> = {
  denied: 'a person refused it',
  expired: 'nobody approved it in time',
  pending: 'nobody approved it in time',
}

const refusal = (tool: string, why: string): ToolOutcome => ({
  content: `Not permitted: the tool ${tool} was not run, because ${why}.`,
  isError: true,
  permitted: false,
  reason: { layer: 'approval', reason: why },
  durationMs: 0,
  tool,
})

const refused = (run: Run, { call, tool }: KeptCall, why: string): ToolRecord => {
  const record = { call, outcome: refusal(tool, why) }
  noteOutcome(run, record, run.scope.clock.now())
  return record
}

const userOf = ({ traceId }: Run): string => `run:${traceId}`

// Once and for all. A process that died between this and the result had it already: the same use, under the same key.
const consumed = async (run: Run, row: DecisionRow, hash: string): Promise<boolean> => {
  const by = userOf(run)
  if (row.usedAt !== null) return row.usedBy === by && row.actionHash === hash
  const use = { id: row.id, actionHash: hash, by }
  const { applied } = await run.scope.command({
    audit: [consumedAudit(row, by)],
    writes: [...(run.durable?.fence() ?? []), consumeWrite(run.scope, use)],
  })
  if (!applied) await run.durable?.assertMine()
  return applied
}

const noteDecision = (run: Run, row: DecisionRow, { call, tool }: KeptCall): void =>
  run.chain.add('decision', run.scope.clock.now(), 0, {
    decision_id: row.id,
    status: row.status,
    tool_name: tool,
    tool_call_id: call.id,
    resolved_by: row.resolvedBy,
    action_hash: row.actionHash,
  })

type Judged = { ready: Ready } | { record: ToolRecord }

// The policies are asked again: an approval passes what needs one, and nothing that is forbidden by now.
const judgeOne = async (around: Around, kept: KeptCall, row: DecisionRow | undefined): Promise<Judged> => {
  const { run, tools } = around
  if (!row) return { record: refused(run, kept, 'its decision is gone') }
  noteDecision(run, row, kept)
  if (row.status !== 'approved') return { record: refused(run, kept, WORDS[row.status] ?? 'it was not approved') }
  const judgement = await tools.judge(kept.call, contextOf(around))
  if (!judgement.isPermitted && !judgement.needsApproval) return { ready: { ...judgement, isApproved: false } }
  if (judgement.needsApproval && judgement.decision && !isEnoughFor(row, judgement.decision))
    return { record: refused(run, kept, 'by now it needs the approval of a higher role') }
  const isMine = await consumed(run, row, actionHashFor(run, judgement, kept.key))
  if (!isMine) return { record: refused(run, kept, 'its approval can no longer be used') }
  return { ready: { ...judgement, key: row.id, decisionId: row.id, isApproved: true } }
}

/** What a person has decided meanwhile: calls to be done under the decision's own id, and those that stay undone. */
export const approvedCalls = async (around: Around, waiting: readonly KeptCall[]): Promise<Judged[]> => {
  const { run } = around
  const rows = new Map((await decisionsOfRun(run.scope.db, run.traceId)).map((row) => [row.id, row]))
  const judged: Judged[] = []
  for (const kept of waiting) judged.push(await judgeOne(around, kept, rows.get(kept.decisionId ?? '')))
  return judged
}

// Nobody is asked about a call that was begun already: where the rules want that by now, it is refused.
const withoutAsking = ({ decision: _, decisionId: __, question: ___, ...refused }: Judgement): Judgement => refused

/** Calls that needed nobody's approval and were begun by a process that died: the same calls under the same keys. */
export const begunCalls = async (around: Around, ready: readonly KeptCall[]): Promise<Ready[]> => {
  const judged: Ready[] = []
  for (const { call, key } of ready) {
    const judgement = { ...(await around.tools.judge(call, contextOf(around))), key }
    judged.push({ ...(judgement.needsApproval ? withoutAsking(judgement) : judgement), isApproved: false })
  }
  return judged
}
