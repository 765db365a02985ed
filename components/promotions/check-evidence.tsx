'use client'

import type { ReactNode } from 'react'
import { jsonText, LongText } from '@/components/spans/long-text'
import type { Check, CheckName } from '@/lib/promotion/contract'
import { EvalEvidence, PermissionEvidence, PromptEvidence, ReplayEvidence, SkillEvidence } from './evidence-parts'
import { isList, listAt } from './evidence-shape'

type Evidence = Record<string, unknown>
type View = (props: { workspaceId: string; evidence: Evidence }) => ReactNode

// Checks whose evidence leads somewhere: to runs, to evaluations, to skills.
const VIEWS: Partial<Record<CheckName, { view: View; fits: (evidence: Evidence) => boolean }>> = {
  impact_reviewed: { view: ReplayEvidence, fits: (evidence) => isList(evidence['replays']) },
  eval_baseline: {
    view: EvalEvidence,
    fits: (evidence) => isList(evidence['evals']) || isList(evidence['results']),
  },
  skill_tests: { view: SkillEvidence, fits: (evidence) => listAt(evidence, 'tests').length > 0 },
  prompt_size: { view: PromptEvidence, fits: (evidence) => listAt(evidence, 'roles').length > 0 },
  permission_widening: { view: PermissionEvidence, fits: (evidence) => 'requests' in evidence && 'rules' in evidence },
}

/** What a check has found: as what it is where it leads somewhere, and always as it is sealed. */
export const CheckEvidence = ({ workspaceId, check }: { workspaceId: string; check: Check }) => {
  const evidence = check.evidence ?? {}
  const own = VIEWS[check.name]
  const Special = own?.fits(evidence) ? own.view : null
  return (
    <div className="grid min-w-0 gap-3">
      {Special ? <Special workspaceId={workspaceId} evidence={evidence} /> : null}
      {Special ? (
        <details>
          <summary className="cursor-pointer text-ink-muted text-meta">All of the evidence, as it is kept</summary>
          <div className="mt-2">
            <LongText text={jsonText(evidence)} label="Evidence" />
          </div>
        </details>
      ) : (
        <LongText text={jsonText(evidence)} label="Evidence" />
      )}
    </div>
  )
}
