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
type Checked = {
  origin: string
  status: string
  storage: string
  stepCount: number
  lastStepHash: string | null
  trustStatus: string
}

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

export const ADAPTER_ORIGIN = 'adapter'

// What an external agent told of its steps stands in a chain as well: it shows that they are still what came in.
export const keepsSteps = (origin: string): boolean => isOurs(origin) || origin === ADAPTER_ORIGIN

const endFaults = (row: Checked, steps: readonly StoredStep[]): string[] => [
  ...(steps.length === row.stepCount ? [] : [`${row.stepCount} steps were recorded, ${steps.length} are there`]),
  ...((steps.at(-1)?.stepHash ?? null) === row.lastStepHash ? [] : ['the last step is not the one that was sealed']),
]

// Each hash is computed again from what is stored. What retention took the texts of cannot be checked any more.
export const checkSteps = (row: Checked, steps: readonly StoredStep[]): Integrity => {
  if (!keepsSteps(row.origin)) return { status: 'unsigned', failures: [] }
  if (row.storage !== 'full') return { status: 'unverified', failures: [] }
  const failures = [...faultsOf(steps), ...(isOpenState(row.status) ? [] : endFaults(row, steps))]
  if (failures.length > 0) return { status: 'compromised', failures: failures.slice(0, MOST_TOLD) }
  if (row.trustStatus === 'unverified') return { status: 'unsigned', failures: [] }
  return { status: isOpenState(row.status) ? 'unverified' : 'verified', failures: [] }
}

type Listed = { origin: string; trustStatus: string }

// Lists do not read steps, so they say nothing of them.
export const unchecked = ({ origin, trustStatus }: Listed): Integrity => ({
  status: keepsSteps(origin) && trustStatus !== 'unverified' ? 'unverified' : 'unsigned',
  failures: [],
})

const TOLD: Readonly<Record<string, TraceSummary['trust_status']>> = {
  verified: 'verified',
  verified_with_violations: 'verified_with_violations',
  invalid: 'compromised',
}

/** What lists say, and filter by: whether what came in was signed. Of our own runs only their steps can tell. */
export const listedTrust = ({ trustStatus }: Listed): TraceSummary['trust_status'] => TOLD[trustStatus] ?? 'unverified'

export const trustOf = ({ status }: Integrity, violations: number): TraceSummary['trust_status'] => {
  if (status === 'compromised') return 'compromised'
  if (status !== 'verified') return 'unverified'
  return violations > 0 ? 'verified_with_violations' : 'verified'
}
