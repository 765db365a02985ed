import { isInReach } from '@/lib/core/reach'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { DiffBody, TraceDiff } from './contract'
import { changedFiles } from './diff/changed-files'
import { diffSides } from './diff/diff-sides'
import { loadSide, readDiffering } from './diff/load-side'
import { matchNodes } from './diff/match-nodes'
import { summaryText } from './diff/verdict'
import { maySee } from './may-see'
import { findTrace, type StoredTrace } from './store'

const mustFind = async (scope: Scope, which: 'Base' | 'Compare', asked: string): Promise<StoredTrace> => {
  const id = asked.toLowerCase()
  const found = await findTrace(scope.db, id)
  if (found !== null && isInReach(scope, found)) return found
  throw new Problem('not_found', `${which} trace not found`, undefined, { body: { trace_id: id } })
}

const noteReveal = async (scope: Scope, ids: readonly string[]): Promise<void> => {
  if (scope.identity.plane !== 'ops') return
  const rows = [...new Set(ids)].map((id) => ({
    event: 'trace_revealed' as const,
    entityId: id,
    traceId: id,
    data: { by: 'diff' },
  }))
  await scope.command({ audit: rows })
}

// Two traces of the tenant, step by step. Runs that are not over yet are compared as far as they are.
export const diffTraces = async (
  scope: Scope,
  { base_trace_id: baseId, compare_trace_id: compareId, include_summary: withText }: DiffBody,
): Promise<{ diff: TraceDiff; summary_text?: string }> => {
  const rows = [await mustFind(scope, 'Base', baseId), await mustFind(scope, 'Compare', compareId)] as const
  const isOpen = maySee(scope)
  if (isOpen) await noteReveal(scope, [rows[0].id, rows[1].id])
  const base = await loadSide(scope, rows[0], isOpen)
  const compare = await loadSide(scope, rows[1], isOpen)
  const matches = matchNodes(base.side.nodes, compare.side.nodes)
  const sides = await readDiffering(scope, base, compare, matches)
  const diff = diffSides(...sides, {
    matches,
    files: await changedFiles(scope, ...sides),
    veil: isOpen ? null : new Set([...base.words, ...compare.words]),
  })
  return { diff, ...(withText ? { summary_text: summaryText(diff) } : {}) }
}
