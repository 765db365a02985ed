import type { TraceSummary } from './contract'
import { isOpenState } from './pause-run'
import { hashOfStep, type StepType } from './step-chain'

type StoredStep = {
  seq: number
  stepId: string
  type: string
  timestamp: Date
  durationMs: number
  data: string
  prevStepHash: string | null
  stepHash: string
}
type Checked = { origin: string; status: string; storage: string; stepCount: number; lastStepHash: string | null }

export type Integrity = TraceSummary['integrity']

const hashOf = ({ stepId, type, timestamp, durationMs, data, prevStepHash }: StoredStep): string =>
  hashOfStep({ id: stepId, type: type as StepType, timestamp, durationMs, data, prevHash: prevStepHash })

const faultsOf = (steps: readonly StoredStep[]): string[] =>
  steps.flatMap((step, at) => {
    const before = steps[at - 1]?.stepHash ?? null
    return [
      ...(step.seq === at + 1 ? [] : [`step ${at + 1} is missing`]),
      ...(step.prevStepHash === before ? [] : [`step ${step.seq} does not follow the one before it`]),
      ...(hashOf(step) === step.stepHash ? [] : [`step ${step.seq} was changed`]),
    ]
  })

const MOST_TOLD = 20

// Replays carry steps of our own like the runs that they repeat.
export const isOurs = (origin: string): boolean => origin === 'run' || origin === 'replay'

const endFaults = (row: Checked, steps: readonly StoredStep[]): string[] => [
  ...(steps.length === row.stepCount ? [] : [`${row.stepCount} steps were recorded, ${steps.length} are there`]),
  ...((steps.at(-1)?.stepHash ?? null) === row.lastStepHash ? [] : ['the last step is not the one that was sealed']),
]

// Each hash is computed again from what is stored. What retention took the texts of cannot be checked any more.
export const checkSteps = (row: Checked, steps: readonly StoredStep[]): Integrity => {
  if (!isOurs(row.origin)) return { status: 'unsigned', failures: [] }
  if (row.storage !== 'full') return { status: 'unverified', failures: [] }
  const failures = [...faultsOf(steps), ...(isOpenState(row.status) ? [] : endFaults(row, steps))]
  if (failures.length > 0) return { status: 'compromised', failures: failures.slice(0, MOST_TOLD) }
  return { status: isOpenState(row.status) ? 'unverified' : 'verified', failures: [] }
}

// Lists do not read steps, so they say nothing of them.
export const unchecked = ({ origin }: { origin: string }): Integrity => ({
  status: isOurs(origin) ? 'unverified' : 'unsigned',
  failures: [],
})

export const trustOf = ({ status }: Integrity, violations: number): TraceSummary['trust_status'] => {
  if (status === 'compromised') return 'compromised'
  if (status !== 'verified') return 'unverified'
  return violations > 0 ? 'verified_with_violations' : 'verified'
}
