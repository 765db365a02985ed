import { beforeEach, expect, it } from 'vitest'
import { type AgentHouse, useAgentHouse } from '@/lib/core/testing/agent-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf } from '@/lib/core/testing/kernel'
import { manifestOf, newSigner } from '@/lib/core/testing/skill-manifests'
import { only, publish, run } from '@/lib/core/testing/tested-skill'
import { runEval } from '@/lib/evals'
import { addSigner, contentHash, publishSkill, readPublication, revokeSigner } from '@/lib/skills'
import { EvalBody } from '../contract'
import { listSkillTests } from './test-skill'

const TESTS = [{ name: 'one', input: { text: 'hello' }, expect: { output: 'yes' } }]

describeEachDialect('tests of a skill', (dialect) => {
  const house: AgentHouse = useAgentHouse(dialect, { env: { CLASPER_RETRY_ATTEMPTS: '1', LLM_MODEL_FALLBACK: '' } })
  beforeEach(() => {
    house.provider.reset()
    house.provider.answer(() => ({ text: 'yes' }))
  })

  it('tell what was said in a workspace to nobody who may not enter it', async () => {
    const tenant = await newTenant()
    await publish(tenant.scope, TESTS)
    house.provider.answer(() => ({ text: 'SAID-IN-DEFAULT' }))
    await run(tenant.scope)
    const shown = async (workspaceIds: string[]) =>
      JSON.stringify(
        await listSkillTests(scopeOf(identityOf(tenant.id, 'admin', { workspaceIds })), 'mood', { limit: 20 }),
      )
    expect(await shown(['default'])).toContain('SAID-IN-DEFAULT')
    const outside = await shown(['elsewhere'])
    expect(outside).toContain('"fail_count":1')
    expect(outside).not.toContain('SAID-IN-DEFAULT')
    const ada = scopeOf(identityOf(tenant.id, 'admin', { plane: 'service', userId: 'ada' }))
    expect(JSON.stringify(await listSkillTests(ada, 'mood', { limit: 20 }))).not.toContain('SAID-IN-DEFAULT')
  })

  it('and evaluations do not try out what a key signed that nobody believes any more', async () => {
    const tenant = await newTenant()
    const signer = newSigner()
    const { id } = (await addSigner(tenant.scope, { name: 'CI', public_key: signer.pem })).signer
    const manifest = manifestOf('mood', '1.0.0', { tests: TESTS })
    const hash = contentHash(readPublication(manifest).document)
    await publishSkill(tenant.scope, { manifest, signature: signer.sign(hash) })
    expect(await run(tenant.scope)).toMatchObject({ status: 'passed' })
    await revokeSigner(tenant.scope, id)
    await expect(run(tenant.scope)).rejects.toMatchObject({ code: 'config_error' })
    const wish = { name: 'x', cases: [{ input: 'hello' }], options: { skill_name: 'mood', skill_version: '1.0.0' } }
    await expect(runEval(tenant.scope, EvalBody.parse(wish))).rejects.toMatchObject({ code: 'config_error' })
  })

  it('pass by an error that was expected only where their judge was heard', async () => {
    const tenant = await newTenant()
    const lookup = { id: 'c1', name: 'order_lookup', arguments: { order_id: '1' } }
    const step = { asked: 0 }
    house.provider.answer(({ body }) => {
      if (JSON.stringify(body).includes('You judge one answer')) return { text: 'no JSON at all' }
      return step.asked++ === 0 ? { toolCalls: [lookup] } : { text: 'Sorry.' }
    })
    const { status, first } = await only(
      tenant,
      {
        input: { message: 'Look' },
        mocks: { order_lookup: { throws: 'closed' } },
        expectError: true,
        judge: { rubric: 'It says sorry.', model: 'gpt-4o' },
      },
      { permissions: { tools: ['order_lookup'] } },
    )
    expect({ status, error: first?.error }).toEqual({
      status: 'failed',
      error: expect.stringContaining('provider_invalid_output'),
    })
    expect(first?.trace_id).not.toBeNull()
    expect(first?.cost_micro_usd).toBeGreaterThan(0)
  })
})
