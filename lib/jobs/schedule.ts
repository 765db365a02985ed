import { kernel } from '@/lib/core/kernel'
import type { JobDefinition } from './define-job'
import { enqueueSlot } from './store'

const due = () => kernel().slot('jobs.slots', () => new Map<string, number>())

// One row per kind and slot of time: the key is unique, so all instances may try and one of them succeeds.
// A slot that went by while nobody ran is not made up for.
export const enqueueDue = async (jobs: readonly JobDefinition[]): Promise<boolean> => {
  const now = kernel().clock.now()
  const written: boolean[] = []
  for (const job of jobs) {
    const seconds = job.everySeconds?.()
    if (seconds === undefined) continue
    const slot = Math.floor(now.getTime() / 1000 / seconds)
    if (due().get(job.kind) === slot) continue
    written.push(await enqueueSlot({ kind: job.kind, key: `slot:${slot}`, now, maxAttempts: job.maxAttempts ?? 3 }))
    due().set(job.kind, slot)
  }
  return written.some(Boolean)
}
