import { beforeEach, expect, it } from 'vitest'
import { systemDb } from '@/lib/core/system-db'
import { agentScope, asking, newAgent, rule } from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, type TestTenant, useKernel } from '@/lib/core/testing/kernel'
import { savedVersion } from '@/lib/core/testing/versions'
import { listPolicies, simulatePolicies } from '@/lib/governance'
import { filesFor, inEnvironment, policiesOf, saveEnvironment, setPin } from '@/lib/workspace'
import { requestExecution } from '../index'

const SHUT = '- policy_id: shut\n  subject: {type: adapter}\n  effect: {decision: deny}\n  precedence: 99\n'

describeEachDialect('an external agent in an environment', (dialect) => {
  useKernel(dialect)
  const state = {} as { tenant: TestTenant; shut: string; open: string }
  const at = { workspace_id: 'default' }

  beforeEach(async () => {
    const tenant = await newTenant()
    const { scope } = tenant
    const shut = await savedVersion(scope, 'default', { 'policies/a.yaml': SHUT })
    const open = await savedVersion(scope, 'default', { 'SOUL.md': 'open' })
    Object.assign(state, { tenant, shut, open })
    await newAgent(tenant)
    await rule(tenant, 'allow', { policy_id: 'coders' })
  })

  const ask = (environment?: string) =>
    requestExecution(
      agentScope(state.tenant.id),
      asking(state.tenant.id, environment === undefined ? {} : { environment }),
    )
  const decided = async (environment?: string) => (await ask(environment)).decision

  it('answers to the policies of the version that is pinned there', async () => {
    const { scope } = state.tenant
    expect(await decided('prod')).toBe('allow')
    await setPin(scope, { ...at, environment: 'prod', version_hash: state.shut })
    expect(await decided('prod')).toBe('deny')
    expect(await decided()).toBe('allow')
    await setPin(scope, { ...at, environment: 'prod', version_hash: state.open })
    expect(await decided('prod')).toBe('allow')
  })

  it('is in the default environment when it names none, and a name made up opens nothing', async () => {
    const { scope } = state.tenant
    await saveEnvironment(scope, { ...at, environment: 'staging', version_hash: state.shut })
    expect(await decided()).toBe('deny')
    expect(await decided('production')).toBe('deny')
    const [row] = await systemDb().decision.findMany({ where: { tenantId: state.tenant.id }, orderBy: { id: 'asc' } })
    expect(row).toMatchObject({ environment: 'staging', decision: 'deny' })
    expect(await inEnvironment(scope, {})).toEqual({ environment: 'staging' })
  })

  it('is shown and simulated by the same files', async () => {
    const { scope } = state.tenant
    await setPin(scope, { ...at, environment: 'prod', version_hash: state.shut })
    await ask('prod')
    await ask('default')
    const shown = async (environment: string) => {
      const filter = { workspace_id: 'default', environment }
      return (await listPolicies(scope, filter, await filesFor(scope, filter))).policies.map((view) => view.policy_id)
    }
    expect(await shown('prod')).toContain('workspace/shut')
    expect(await shown('default')).not.toContain('workspace/shut')
    const body = { rules: [], without: ['workspace/shut'], limit: 10, workspace_id: 'default' }
    const { differences } = await simulatePolicies(scope, body, (id, place) => policiesOf(scope, id, place))
    expect(differences).toMatchObject([
      { environment: 'prod', current: { decision: 'deny' }, changed: { decision: 'allow' } },
    ])
  })
})
