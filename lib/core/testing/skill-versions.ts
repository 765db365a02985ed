import type { Scope } from '@/lib/core/scope'
import { uuidv7 } from '@/lib/shared/id'
import { insertTestRun, promoteSkill, publishSkill } from '@/lib/skills'
import type { SkillState } from '@/lib/skills/states'
import { kernel } from '../kernel'
import type { TestTenant } from './kernel'
import { manifestOf } from './skill-manifests'

export const publish = (scope: Scope, name: string, version = '1.0.0', more = {}) =>
  publishSkill(scope, manifestOf(name, version, more))

export const testRun = (tenant: TestTenant, name: string, version: string, contentHash: string, status = 'passed') =>
  tenant.scope.mutate({ event: 'skill_test_run' }, (db) =>
    insertTestRun(db, {
      ...{ id: uuidv7(kernel().clock.now().getTime()), name, version, contentHash, status, model: 'm', mocked: true },
      ...{ testCount: 1, passCount: status === 'passed' ? 1 : 0, failCount: status === 'passed' ? 0 : 1 },
      ...{
        costMicroUsd: 0n,
        durationMs: 1,
        results: [],
        runBy: 'x',
        startedAt: kernel().clock.now(),
        completedAt: kernel().clock.now(),
      },
    }),
  )

export const move = (scope: Scope, name: string, version: string, ...states: SkillState[]) =>
  states.reduce(
    async (before, target_state) => {
      await before
      return promoteSkill(scope, name, version, { target_state })
    },
    Promise.resolve() as Promise<unknown>,
  )

export const make = async (tenant: TestTenant, name: string, version: string, state: SkillState, more = {}) => {
  const { skill } = await publish(tenant.scope, name, version, more)
  if (state === 'draft') return skill
  if (state === 'deprecated') return move(tenant.scope, name, version, 'deprecated')
  await testRun(tenant, name, version, skill.content_hash)
  const ways = {
    tested: ['tested'],
    approved: ['tested', 'approved'],
    active: ['tested', 'approved', 'active'],
  } as const
  await move(tenant.scope, name, version, ...ways[state])
  return skill
}
