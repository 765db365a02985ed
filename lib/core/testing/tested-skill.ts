import type { Scope } from '@/lib/core/scope'
import { testSkill } from '@/lib/evals'
import { publishSkill } from '@/lib/skills'
import type { SkillTestOptions } from '@/lib/skills/contract'
import type { TestTenant } from './kernel'
import type { MockRequest } from './mock-provider/start-mock-provider'
import { manifestOf } from './skill-manifests'

type Json = Record<string, unknown>

const OPTIONS: SkillTestOptions = { mock_tools: true, timeout: 20_000 }

const MOOD = {
  instructions: 'Say which mood a text has. CANARY-OF-THE-SKILL',
  outputs: { mood: { type: 'enum', values: ['good', 'bad'] }, score: { type: 'number' } },
}

export const publish = (scope: Scope, tests: Json[], more: Json = {}, version = '1.0.0') =>
  publishSkill(scope, manifestOf('mood', version, { ...MOOD, tests, ...more }))

export const run = (scope: Scope, options: Partial<SkillTestOptions> = {}, version = '1.0.0') =>
  testSkill(scope, 'mood', version, { ...OPTIONS, ...options })

export const said = ({ body }: MockRequest): string => JSON.stringify(body)

export const only = async (
  tenant: TestTenant,
  test: Json,
  more: Json = {},
  options: Partial<SkillTestOptions> = {},
) => {
  await publish(tenant.scope, [{ name: 'one', ...test }], more)
  const { status, result } = await run(tenant.scope, options)
  const [first] = result.results
  return { status, first, result }
}
