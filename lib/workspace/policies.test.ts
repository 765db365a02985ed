import { mkdirSync, symlinkSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { type TestFolder, useFolder } from '@/lib/core/testing/folder'
import { identityOf, newTenant, scopeOf, type TestTenant, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { composePrompt, loadBundle, policiesOf, showContext, snapshotOf } from '.'
import { loadSnapshot } from './load-snapshot'

const RULE = '- policy_id: a-rule-of-ours\n  subject: {type: tool}\n  effect: {decision: deny}\n'

describe('policies in a workspace', () => {
  const root = useFolder()
  useKernel('sqlite', { env: { CLASPER_WORKSPACE: root.at('shared'), CLASPER_WORKSPACES: root.at('tenants') } })
  let tenant: TestTenant
  let folder: TestFolder

  beforeEach(async () => {
    tenant = await newTenant()
    folder = root.below(`tenants/${tenant.id}/default`)
    folder.write({ 'AGENTS.md': 'rules for people' })
  })

  const rules = async () => (await policiesOf(tenant.scope, 'default')).rules.map(({ id }) => id)
  const faults = async () => (await policiesOf(tenant.scope, 'default')).faults.join('\n')

  it('count into the hash, hold at once when they change, and never reach a prompt', async () => {
    const before = await loadBundle(tenant.scope)
    folder.write({ 'policies/a.yaml': RULE, 'policies/tests/a.yaml': 'tests: []', 'policies/README.md': 'words' })
    const after = await loadBundle(tenant.scope)
    expect(after.hash).not.toBe(before.hash)
    expect(await rules()).toEqual(['workspace/a-rule-of-ours'])
    const input = { role: 'agent', isHeartbeat: false, message: 'a-rule-of-ours' }
    const { system } = await composePrompt(tenant.scope, after, input)
    expect(system).toContain('rules for people')
    expect(system).not.toContain('a-rule-of-ours')
    folder.write({ 'policies/a.yaml': RULE.replace('a-rule-of-ours', 'another') })
    expect(await rules()).toEqual(['workspace/another'])
    folder.write({ 'policies/b.yml': RULE })
    expect(await rules()).toEqual(['workspace/another', 'workspace/a-rule-of-ours'])
  })

  it('go with the kept version of a workspace', async () => {
    folder.write({ 'policies/a.yaml': RULE })
    const bundle = await loadBundle(tenant.scope)
    const snapshot = await snapshotOf(tenant.scope, bundle)
    await tenant.scope.command({ audit: [], writes: snapshot?.writes ?? [] })
    const wanted = { hash: bundle.hash, workspaceId: 'default', isBootComplete: false, skills: undefined }
    const kept = await loadSnapshot(tenant.scope, wanted)
    expect(kept?.policies).toMatchObject({ rules: [{ id: 'workspace/a-rule-of-ours' }], faults: [], root: null })
    expect(kept?.policies.hash).toBe(bundle.policies.hash)
  })

  it('a file that is a link out of the workspace, or a folder that nobody reads, is a fault', async () => {
    root.write({ 'elsewhere.yaml': RULE })
    mkdirSync(folder.at('policies'), { recursive: true })
    symlinkSync(root.at('elsewhere.yaml'), folder.at('policies/out.yaml'))
    expect(await faults()).toContain('policies/out.yaml is a link that leaves the workspace')
    const other = root.below(`tenants/${tenant.id}/other`)
    other.write({ 'policies/deep/a.yaml': RULE })
    const { faults: found } = await policiesOf(tenant.scope, 'other')
    expect(found.join()).toContain('policies/deep is a folder')
    const whole = root.below(`tenants/${tenant.id}/linked`)
    whole.write({ 'AGENTS.md': 'x' })
    symlinkSync(root.at('tenants'), whole.at('policies'))
    expect((await policiesOf(tenant.scope, 'linked')).faults.join()).toContain('policies is a link')
    expect((await showContext(tenant.scope, {})).warnings.join()).toContain('policies/out.yaml')
  })

  it('are those of the tenant and of the workspace, and of nobody else', async () => {
    const [a, b] = await twoTenants()
    root.write({ [`tenants/${a.id}/sales/policies/a.yaml`]: RULE })
    expect((await policiesOf(a.scope, 'sales')).rules).toHaveLength(1)
    expect((await policiesOf(b.scope, 'sales')).rules).toEqual([])
    expect((await policiesOf(a.scope, 'default')).rules).toEqual([])
    for (const id of ['..', `${a.id}/sales`, '']) expect((await policiesOf(b.scope, id)).rules).toEqual([])
    const fenced = scopeOf(identityOf(a.id, 'admin', { workspaceIds: ['default'] }))
    await expect(policiesOf(fenced, 'sales')).rejects.toMatchObject({ code: 'workspace_access_denied' })
  })
})
