import type { Scope } from '@/lib/core/scope'
import { enforceHere } from './enforce'
import { eraseHere } from './erase-user'

export const RETENTION_TASKS = ['day', 'rest', 'sweep'] as const

export type RetentionTask = { task: (typeof RETENTION_TASKS)[number]; user_id?: string | undefined }

// By itself nothing of the last day is sampled or reduced, so that what happened today can be looked at in full.
const GRACE_MS = 86_400_000

const BY = { by: 'schedule' } as const

/** The daily pass, the rest of one that ran out of time, or texts that were too young before. */
export const enforceLater = async (
  scope: Scope,
  { task, user_id: userId }: RetentionTask,
  run: { budgetMs: number; signal: AbortSignal },
): Promise<void> => {
  if (userId !== undefined) return void (await eraseHere(scope, userId, BY, run))
  await enforceHere(scope, BY, { ...run, graceMs: task === 'rest' ? 0 : GRACE_MS, sweepOnly: task === 'sweep' })
}
