import { kernel } from '@/lib/core/kernel'
import { identityOf, scopeOf } from '@/lib/core/testing/kernel'
import { createPromotion, executeNow, runChecks } from '@/lib/promotion'
import { uuidv7 } from '@/lib/shared/id'
import { saveVersion, setPin } from '@/lib/workspace'
import type { Callers } from './callers'
import type { Sent } from './requests'

const json = (value: object): { body: string } => ({ body: JSON.stringify(value) })

const ANNOTATION = { key: 'reason', value: 'sample' }
const WAY = { source_env: 'default', target_env: 'made' }
const BODIES = {
  check: json(WAY),
  create: json({ ...WAY, note: 'a sample' }),
  executeNow: json({ ...WAY, annotation: ANNOTATION }),
  recheck: json({}),
  cancel: json({ reason: 'a sample' }),
  execute: json({ annotation: ANNOTATION }),
  rollback: json({ annotation: ANNOTATION }),
  approve: json({ decision: 'approve' }),
  back: json({ version_hash: '0123456789abcdef', annotation: ANNOTATION }),
}

const SERVICE = '/workspace/{workspaceId}/promotions'
const OPS = '/ops/api/workspaces/{workspaceId}/promotions'

/** Bodies that fit; the ids in the addresses are unknown ones. */
export const promotionSamples = (workspaceId: string): Readonly<Record<string, Sent>> => {
  const promote = json({ workspace_id: workspaceId, ...WAY })
  const both = (base: string) => ({
    [`POST ${base}/check`]: BODIES.check,
    [`POST ${base}`]: BODIES.create,
    [`POST ${base}/{id}/check`]: BODIES.recheck,
    [`POST ${base}/{id}/cancel`]: BODIES.cancel,
    [`POST ${base}/{id}/execute`]: BODIES.execute,
    [`POST ${base}/{id}/rollback`]: BODIES.rollback,
  })
  return {
    ...both(SERVICE),
    ...both(OPS),
    [`POST ${OPS}/execute`]: BODIES.executeNow,
    [`POST ${OPS}/{id}/approve`]: BODIES.approve,
    'POST /ops/api/workspaces/{workspaceId}/rollback': BODIES.back,
    'POST /workspace/envs/promote': promote,
    'POST /ops/api/workspace/envs/promote': promote,
  }
}

const fresh = (): string => uuidv7(kernel().clock.now().getTime())

// A workspace of its own, with something to promote, asked for by a person whom nobody else is.
const staged = async ({ tenant: { id, scope } }: Callers) => {
  const workspaceId = `w-${fresh()}`
  const files = [{ path: 'SOUL.md', bytes: Buffer.from('Promoted.') }]
  const { hash } = await saveVersion(scope, { workspaceId, files, source: 'console' })
  await setPin(scope, { workspace_id: workspaceId, environment: 'default', version_hash: hash })
  const requester = scopeOf(identityOf(id, 'admin', { userId: fresh(), actor: `user:${fresh()}` }))
  return { workspaceId, hash, requester }
}

const onPlace =
  (sent: Sent) =>
  async (own: Callers): Promise<Sent> => ({ params: { workspaceId: (await staged(own)).workspaceId }, ...sent })

const onChecked =
  (sent: Sent) =>
  async (own: Callers): Promise<Sent> => {
    const { workspaceId, requester } = await staged(own)
    const { promotion } = await createPromotion(requester, workspaceId, WAY)
    await runChecks(requester, promotion.id)
    return { params: { workspaceId, id: promotion.id }, ...sent }
  }

const onExecuted =
  (sent: Sent) =>
  async (own: Callers): Promise<Sent> => {
    const { workspaceId, requester } = await staged(own)
    const { promotion } = await executeNow(requester, workspaceId, { ...WAY, annotation: ANNOTATION })
    return { params: { workspaceId, id: promotion.id }, ...sent }
  }

const goBack = async (own: Callers): Promise<Sent> => {
  const { workspaceId, hash } = await staged(own)
  return { params: { workspaceId }, ...json({ version_hash: hash, environment: 'other', annotation: ANNOTATION }) }
}

const both = (base: string) => ({
  [`POST ${base}`]: onPlace(BODIES.create),
  [`POST ${base}/{id}/check`]: onChecked(BODIES.recheck),
  [`POST ${base}/{id}/cancel`]: onChecked(BODIES.cancel),
  [`POST ${base}/{id}/execute`]: onChecked(BODIES.execute),
  [`POST ${base}/{id}/rollback`]: onExecuted(BODIES.rollback),
})

/** What each call about a promotion needs to succeed once. */
export const PROMOTION_ACTS: Readonly<Record<string, (own: Callers) => Promise<Sent>>> = {
  ...both(SERVICE),
  ...both(OPS),
  [`POST ${OPS}/execute`]: onPlace(BODIES.executeNow),
  [`POST ${OPS}/{id}/approve`]: onChecked(BODIES.approve),
  'POST /ops/api/workspaces/{workspaceId}/rollback': goBack,
}
