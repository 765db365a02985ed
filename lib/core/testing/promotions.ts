import { applyPromotionJob } from '@/lib/jobs/apply-promotion'
import { checkPromotionJob } from '@/lib/jobs/check-promotion'
import { runEvalJob } from '@/lib/jobs/run-eval'
import { createWorker } from '@/lib/jobs/worker'
import type { Role } from '@/lib/shared/rbac'
import { initEnvironments, saveVersion, setPin } from '@/lib/workspace'
import type { Scope } from '../scope'
import { identityOf, scopeOf } from './kernel'

export type Files = Readonly<Record<string, string>>

const BASE: Files = { 'SOUL.md': 'You help.', 'AGENTS.md': 'Be brief.' }

export const WORKSPACE = 'shop'

/** A version of these files over a plain workspace, pinned in an environment where one is named. */
export const versionOf = async (
  scope: Scope,
  files: Files,
  pinned?: { environment: string; skill_pins?: Record<string, string>; model_pin?: string },
): Promise<string> => {
  const all = Object.entries({ ...BASE, ...files }).map(([path, text]) => ({ path, bytes: Buffer.from(text) }))
  const { hash } = await saveVersion(scope, { workspaceId: WORKSPACE, files: all, source: 'console' })
  if (pinned) await setPin(scope, { workspace_id: WORKSPACE, version_hash: hash, ...pinned })
  return hash
}

/** dev, staging and a locked prod. */
export const threeStages = (scope: Scope) => initEnvironments(scope, { workspace_id: WORKSPACE, default_env: 'dev' })

/** Another person of the tenant. */
export const person = (tenantId: string, name: string, role: Role = 'release_manager'): Scope =>
  scopeOf(identityOf(tenantId, role, { userId: name, actor: `user:${name}`, name }))

/** What a worker does until nothing is left to do. */
export const workOffPromotions = async (): Promise<void> => {
  const worker = createWorker({ jobs: [checkPromotionJob, applyPromotionJob, runEvalJob] })
  while ((await worker.look()) > 0) await worker.idle()
}
