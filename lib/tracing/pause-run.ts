import { storedTime } from '@/lib/core/statement'
import type { CommandWrite } from '@/lib/core/writer'
import type { Usage } from '@/lib/shared/chat'
import type { MicroUsd } from '@/lib/shared/money'
import { pauseTrace, resumeTrace } from './sql-pause'

/** A run that is not over, though nobody may be working on it. */
export const OPEN_STATES = ['running', 'paused'] as const

export const isOpenState = (status: string): boolean => OPEN_STATES.some((state) => state === status)

export type TracePause = {
  id: string
  stopReason: string
  until: Date
  usage: Usage
  cost: MicroUsd
  isEstimated: boolean
  stepCount: number
  toolCallCount: number
  lastStepHash: string | null
  taskId: string | null
}

/** Guarded: only a run that is running can be paused. */
export const pauseWrites = (pause: TracePause): CommandWrite[] => [
  {
    statement: pauseTrace,
    guard: true,
    rows: [
      {
        id: pause.id,
        lease: storedTime(pause.until),
        stop: pause.stopReason,
        input: pause.usage.input,
        output: pause.usage.output,
        cache_read: pause.usage.cacheRead,
        cache_write: pause.usage.cacheWrite,
        cost: pause.cost,
        estimated: pause.isEstimated,
        steps: pause.stepCount,
        tools: pause.toolCallCount,
        last_hash: pause.lastStepHash,
        task: pause.taskId,
      },
    ],
  },
]

/** Guarded: a run that is over stays over. */
export const resumeWrites = (id: string, leaseUntil: Date): CommandWrite[] => [
  { statement: resumeTrace, rows: [{ id, lease: storedTime(leaseUntil) }], guard: true },
]
