import { createHash } from 'node:crypto'
import { kindOf } from '@/lib/core/redaction/rules'
import type { Redactor } from '@/lib/core/redaction/tenant'
import { uuidv7 } from '@/lib/shared/id'
import { stableJson } from '@/lib/shared/stable-json'
import { redactRecord } from './redact-once'

const TEXTS = ['text', 'result', 'error']

export type StepType = 'llm_call' | 'tool_call' | 'tool_result' | 'error' | 'decision'

export type Step = {
  seq: number
  id: string
  type: StepType
  timestamp: Date
  durationMs: number
  // As it is stored: redacted, in the stable form that the hash is taken over.
  data: string
  prevHash: string | null
  hash: string
}

export const hashOfStep = (step: Omit<Step, 'hash' | 'seq'>): string => {
  const text = `{"data":${step.data},"durationMs":${step.durationMs},"prev_step_hash":${JSON.stringify(step.prevHash)},"step_id":${JSON.stringify(step.id)},"timestamp":${JSON.stringify(step.timestamp.toISOString())},"type":${JSON.stringify(step.type)}}`
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

export type StepChain = {
  add(type: StepType, timestamp: Date, durationMs: number, data: object): void
  // What was not handed out yet.
  take(): readonly Step[]
  // Their commit was refused: they wait again.
  giveBack(steps: readonly Step[]): void
  lastHash(): string | null
  count(): number
  // Kinds of secrets and personal data that were found in these steps.
  found(): readonly string[]
}

// Where a chain that was begun elsewhere goes on.
export type ChainHead = { seq: number; last: string | null }

const EMPTY: ChainHead = { seq: 0, last: null }

// What was found in a step that is recorded again: its texts come from the record, where they are masked already.
export type KnownFinds = (seq: number) => readonly string[]

const nothingKnown: KnownFinds = () => []

// Each step carries the hash of the one before it, so a later change of one of them is seen.
export const createStepChain = (
  redactor: Redactor,
  head: ChainHead = EMPTY,
  known: KnownFinds = nothingKnown,
): StepChain => {
  const state: { waiting: Step[]; last: string | null; seq: number } = { waiting: [], ...head }
  const all = new Set<string>()
  // What was found stands in the step, so that whoever goes on with the run knows of it.
  const clean = (data: object): object => {
    const found = new Set(known(state.seq + 1))
    const record = redactRecord(
      redactor.noting((type) => found.add(kindOf(type))),
      data,
      TEXTS,
    )
    for (const kind of found) all.add(kind)
    return found.size === 0 ? record : { ...record, found: [...found].sort() }
  }
  return {
    add: (type, timestamp, durationMs, data) => {
      const bare = {
        id: uuidv7(timestamp.getTime()),
        type,
        timestamp,
        durationMs: Math.max(0, Math.round(durationMs)),
        data: stableJson(clean(data)),
        prevHash: state.last,
      }
      const hash = hashOfStep(bare)
      state.seq++
      state.last = hash
      state.waiting.push({ ...bare, seq: state.seq, hash })
    },
    take: () => state.waiting.splice(0),
    giveBack: (steps) => void state.waiting.unshift(...steps),
    found: () => [...all].sort(),
    lastHash: () => state.last,
    count: () => state.seq,
  }
}
