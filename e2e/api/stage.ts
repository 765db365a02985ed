import { kernel } from '@/lib/core/kernel'
import { pendingDecision } from '@/lib/core/testing/approvals'
import { putTrace } from '@/lib/core/testing/sample-trace'
import { savedVersion } from '@/lib/core/testing/versions'
import { putRedactionRule, setBudget } from '@/lib/governance'
import { setPolicy } from '@/lib/retention'
import { setPin } from '@/lib/workspace'
import { setAdapters } from './adapter-samples'
import type { Callers } from './callers'
import { OWN_UUID, SPARE, STAGED } from './requests'

const INPUTS = { message: 'Hello' }

/** What the callers' tenant has before the samples are sent: a trace, a decision, budgets, rules. */
export const setStage = async ({ tenant }: Callers): Promise<void> => {
  const { scope } = tenant
  // Young enough for a pass of retention to leave it.
  await putTrace(tenant.id, { id: OWN_UUID, startedAt: kernel().clock.now(), inputs: INPUTS })
  await setPolicy(scope, {})
  await setAdapters(tenant)
  await pendingDecision(scope, { id: OWN_UUID })
  for (const key of ['tenant', ...SPARE.budgets]) await setBudget(scope, { scope: key, budget_usd: 1000 })
  await savedVersion(scope, STAGED.workspace, STAGED.files)
  for (const environment of ['default', ...STAGED.spare])
    await setPin(scope, { workspace_id: STAGED.workspace, environment, version_hash: STAGED.hash })
  for (const name of SPARE.rules)
    await putRedactionRule(scope, { name, pattern: `${name}-[0-9]{4}`, strategy: 'mask', is_enabled: true })
}
