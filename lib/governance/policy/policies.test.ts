import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { systemDb } from '@/lib/core/system-db'
import { describeEachDialect } from '@/lib/core/testing/database'
import { identityOf, newTenant, scopeOf, twoTenants, useKernel } from '@/lib/core/testing/kernel'
import { PolicyDocument } from '../contract/policy-document'
import { DryRunBody } from '../contract/policy-question'
import { dryRunPolicy } from './ask-policy'
import { createPolicy, removePolicy, updatePolicy } from './change-policy'
import { decide } from './decide'
import { NO_FILED_POLICIES, policiesIn } from './filed'
import { getPolicy, listPolicies } from './list-policies'
import type { PolicyQuestion } from './question'

const QUESTION: PolicyQuestion = {
  subject: 'tool',
  tool: 'mail:send',
  role: 'support',
  workspaceId: 'default',
  environment: 'production',
}

const document = (over: object = {}) =>
  PolicyDocument.parse({
    policy_id: 'no-mail',
    subject: { type: 'tool', name: 'mail:*' },
    effect: { decision: 'deny' },
    ...over,
  })

const ask = (scope: Scope, over: Partial<PolicyQuestion> = {}, filed = NO_FILED_POLICIES) =>
  decide(scope, { ...QUESTION, ...over }, filed)

const payloadOf = async (tenantId: string) => {
  const row = await systemDb().auditPayload.findFirst({ where: { tenantId }, orderBy: { seq: 'desc' } })
  return JSON.parse(row?.data ?? '{}') as Record<string, unknown>
}

const OTHER_PROCESS = `
import { parseEnv } from './lib/core/env'
import { createKernel, installKernel } from './lib/core/kernel'
import { createLog } from './lib/core/log'
import { identityOf, scopeOf } from './lib/core/testing/kernel'
import { createPolicy, removePolicy, updatePolicy } from './lib/governance/policy/change-policy'
const [url, tenant, act] = process.argv.slice(1)
const kernel = installKernel(createKernel({ env: parseEnv({ NODE_ENV: 'test', DATABASE_URL: url }), log: createLog('silent') }))
const scope = scopeOf(identityOf(tenant))
const made = { policy_id: 'far', subject: { type: 'tool' }, effect: { decision: 'deny' } }
if (act === 'make') await createPolicy(scope, made)
if (act === 'soften') await updatePolicy(scope, 'far', { revision: 1, effect: { decision: 'require_approval', required_role: 'admin' } })
if (act === 'drop') await removePolicy(scope, 'far')
await kernel.stop()
process.exit(0)`

const elsewhere = (tenant: string, act: string) =>
  promisify(execFile)(process.execPath, [
    ...['--conditions=react-server', '--import', 'tsx', '--input-type=module', '--eval', OTHER_PROCESS],
    ...[kernel().env.databaseUrl, tenant, act],
  ])

describeEachDialect('policies that are rows', (dialect) => {
  useKernel(dialect)

  it('are made, shown, changed and removed; each change holds at once and leaves one audit row', async () => {
    const { scope, audits, id } = await newTenant()
    expect((await ask(scope)).decision).toBe('allow')
    const { policy } = await createPolicy(scope, document({ conditions: { 'arguments.amount': { gt: 10 } } }))
    expect(policy).toMatchObject({ policy_id: 'no-mail', revision: 1, source: 'console', enabled: true, precedence: 0 })
    expect((await ask(scope)).decision).toBe('allow')
    expect(await ask(scope, { arguments: { amount: 11 } })).toMatchObject({ decision: 'deny', policyId: 'no-mail' })
    expect((await getPolicy(scope, 'no-mail')).policy).toEqual(policy)

    const changed = await updatePolicy(scope, 'no-mail', {
      revision: 1,
      conditions: {},
      effect: { decision: 'require_approval', required_role: 'admin' },
      explanation: 'Mail needs a look',
    })
    expect(changed.policy).toMatchObject({ revision: 2, conditions: {}, effect: { required_role: 'admin' } })
    expect(await ask(scope)).toMatchObject({
      decision: 'require_approval',
      requiredRole: 'admin',
      explanation: 'Mail needs a look',
    })
    await updatePolicy(scope, 'no-mail', { revision: 2, enabled: false, explanation: null })
    expect(await ask(scope)).toMatchObject({ decision: 'allow', policyId: null })
    expect((await getPolicy(scope, 'no-mail')).policy.explanation).toBeNull()
    await removePolicy(scope, 'no-mail')
    await expect(getPolicy(scope, 'no-mail')).rejects.toMatchObject({ code: 'not_found' })
    await createPolicy(scope, document())
    expect((await ask(scope)).decision).toBe('deny')
    expect((await audits()).map(({ eventType, entityId }) => [eventType, entityId])).toEqual([
      ['policy_created_via_wizard', 'no-mail'],
      ['policy_updated_via_wizard', 'no-mail'],
      ['policy_updated_via_wizard', 'no-mail'],
      ['config_change', 'no-mail'],
      ['policy_created_via_wizard', 'no-mail'],
    ])
    expect(JSON.stringify(await payloadOf(id))).toContain('"action":"created"')
  })

  it('a backend that sets them changes configuration', async () => {
    const { id, lastAudit } = await newTenant()
    const service = scopeOf(identityOf(id, 'admin', { plane: 'service', actor: 'service:backend' }))
    expect((await createPolicy(service, document())).policy.source).toBe('api')
    expect(await lastAudit()).toMatchObject({ eventType: 'config_change', actor: 'service:backend' })
  })

  it('of two who change the same revision one is told so; the same id cannot be made twice', async () => {
    const { scope } = await newTenant()
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => createPolicy(scope, document())))
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of made)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'version_conflict' })
    const tried = await Promise.allSettled(
      Array.from({ length: 5 }, (_, at) => updatePolicy(scope, 'no-mail', { revision: 1, precedence: at })),
    )
    expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of tried)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'version_conflict' })
    expect((await getPolicy(scope, 'no-mail')).policy.revision).toBe(2)
  })

  it("another tenant's are not there, and its rules reach nobody else", async () => {
    const [a, b] = await twoTenants()
    await createPolicy(a.scope, document())
    expect((await ask(b.scope)).decision).toBe('allow')
    expect((await listPolicies(b.scope, {}, NO_FILED_POLICIES)).policies).toEqual([])
    await expect(getPolicy(b.scope, 'no-mail')).rejects.toMatchObject({ code: 'not_found' })
    await expect(updatePolicy(b.scope, 'no-mail', { revision: 1, enabled: false })).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(removePolicy(b.scope, 'no-mail')).rejects.toMatchObject({ code: 'not_found' })
    await expect(createPolicy(b.scope, document({ scope: { tenant_id: a.id } }))).rejects.toMatchObject({
      code: 'tenant_access_denied',
    })
    await expect(dryRunPolicy(b.scope, { drafts: [document({ scope: { tenant_id: a.id } })] }, NO_FILED_POLICIES))
      .rejects // .
      .toMatchObject({ code: 'tenant_access_denied' })
    expect((await b.audits()).length).toBe(0)
    expect((await ask(a.scope)).decision).toBe('deny')
  })

  it('whoever is limited to a workspace changes what holds in it, and no more', async () => {
    const { id, scope } = await newTenant()
    const fenced = scopeOf(identityOf(id, 'release_manager', { workspaceIds: ['mine'] }))
    const own = document({ policy_id: 'own', scope: { workspace_id: 'mine' } })
    await createPolicy(fenced, own)
    await createPolicy(scope, document({ policy_id: 'theirs', scope: { workspace_id: 'theirs' } }))
    await createPolicy(scope, document({ policy_id: 'all' }))
    const refused = { code: 'workspace_access_denied' }
    await expect(createPolicy(fenced, document({ policy_id: 'x' }))).rejects.toMatchObject(refused)
    await expect(updatePolicy(fenced, 'all', { revision: 1, enabled: false })).rejects.toMatchObject(refused)
    await expect(updatePolicy(fenced, 'own', { revision: 1, scope: {} })).rejects.toMatchObject(refused)
    await expect(removePolicy(fenced, 'theirs')).rejects.toMatchObject({ code: 'not_found' })
    const seen = await listPolicies(fenced, {}, NO_FILED_POLICIES)
    expect(seen.policies.map(({ policy_id }) => policy_id)).toEqual(['all', 'own'])
    expect((await ask(scope, { workspaceId: 'mine' })).matchedPolicies).toEqual(['all', 'own'])
  })

  it('a change made by another process holds for the next decision here', async () => {
    const { id, scope } = await newTenant()
    expect((await ask(scope)).decision).toBe('allow')
    await elsewhere(id, 'make')
    expect(await ask(scope)).toMatchObject({ decision: 'deny', policyId: 'far' })
    const before = (await ask(scope)).policyHash
    await elsewhere(id, 'soften')
    expect(await ask(scope)).toMatchObject({ decision: 'require_approval', requiredRole: 'admin' })
    expect((await ask(scope)).policyHash).not.toBe(before)
    await elsewhere(id, 'drop')
    expect((await ask(scope)).decision).toBe('allow')
  }, 120_000)

  it('the hash says which rules were asked: the same content, the same hash', async () => {
    const [a, b] = await twoTenants()
    const none = (await ask(a.scope)).policyHash
    expect((await ask(b.scope)).policyHash).toBe(none)
    await createPolicy(a.scope, document())
    await createPolicy(b.scope, document({ explanation: 'else' }))
    const hash = (await ask(a.scope)).policyHash
    expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(hash).not.toBe(none)
    expect((await ask(b.scope)).policyHash).not.toBe(hash)
    await updatePolicy(b.scope, 'no-mail', { revision: 1, explanation: null })
    expect((await ask(b.scope)).policyHash).toBe(hash)
  })

  it('one that cannot be read stops everything, and says which', async () => {
    const { id, scope } = await newTenant()
    await createPolicy(scope, document({ subject: { type: 'tool', name: 'other' } }))
    await kernel().db.writer.transaction(null, (tx) =>
      tx.client.policy.update({
        where: { tenantId_id: { tenantId: id, id: 'no-mail' } },
        data: { conditions: { nonsense: 1 }, revision: 9 },
      }),
    )
    await expect(ask(scope)).rejects.toMatchObject({
      code: 'policy_unavailable',
      message: expect.stringContaining('no-mail'),
    })
    const shown = await listPolicies(scope, {}, NO_FILED_POLICIES)
    expect(shown).toMatchObject({
      policies: [],
      policy_bundle_hash: null,
      faults: [expect.stringContaining('no-mail')],
    })
    await removePolicy(scope, 'no-mail')
    expect((await ask(scope)).decision).toBe('allow')
  })

  it('files of a workspace hold beside the rows; a broken one stops everything', async () => {
    const { scope } = await newTenant()
    const text =
      'policies:\n  - policy_id: quiet\n    subject: {type: tool, name: "mail:*"}\n    effect: {decision: deny}\n'
    const filed = { ...policiesIn([{ path: 'policies/a.yaml', text }]), root: '/w' }
    expect(await ask(scope, {}, filed)).toMatchObject({ decision: 'deny', policyId: 'workspace/quiet' })
    expect((await ask(scope)).decision).toBe('allow')
    await createPolicy(scope, document({ effect: { decision: 'allow' }, precedence: 5 }))
    expect(await ask(scope, {}, filed)).toMatchObject({ decision: 'allow', exception: 'hit' })
    const shown = await listPolicies(scope, { workspace_id: 'default' }, filed)
    expect(shown.policies.map(({ policy_id, source }) => [policy_id, source])).toEqual([
      ['no-mail', 'console'],
      ['workspace/quiet', 'workspace'],
    ])
    const broken = { ...policiesIn([{ path: 'policies/a.yaml', text: 'policies: [' }]), root: '/w' }
    await expect(ask(scope, {}, broken)).rejects.toMatchObject({ code: 'policy_unavailable' })
    expect(await listPolicies(scope, {}, broken)).toMatchObject({
      policy_bundle_hash: null,
      faults: [expect.stringContaining('policies/a.yaml is not valid YAML')],
    })
  })

  it('a dry run stores nothing, and drafts take the place of what is saved', async () => {
    const { scope, audits } = await newTenant()
    await createPolicy(scope, document())
    const before = (await audits()).length
    const body = DryRunBody.parse({ tool: 'mail:send', estimated_cost: 0.5 })
    expect(await dryRunPolicy(scope, body, NO_FILED_POLICIES)).toMatchObject({ decision: 'deny', policy_id: 'no-mail' })
    const drafts = [document({ effect: { decision: 'allow' }, conditions: { max_cost: 1 } })]
    expect(await dryRunPolicy(scope, { ...body, drafts }, NO_FILED_POLICIES)).toMatchObject({
      decision: 'allow',
      matched_policies: ['no-mail'],
    })
    expect(await dryRunPolicy(scope, { ...body, tool: 'x', adapter_id: 'coder' }, NO_FILED_POLICIES)).toMatchObject({
      decision: 'deny',
      mode: 'guarded',
    })
    expect((await audits()).length).toBe(before)
    expect(await systemDb().decision.count({ where: { tenantId: scope.tenantId } })).toBe(0)
  })
})

const folder = mkdtempSync(join(tmpdir(), 'clasper-policies-'))
writeFileSync(
  join(folder, 'server.yaml'),
  '- policy_id: house\n  scope: {environment: production}\n  subject: {type: tool, name: "shell:*"}\n  effect: {decision: deny}\n',
)

describeEachDialect('policies of the server', (dialect) => {
  useKernel(dialect, {
    env: {
      CLASPER_POLICY_PATH: join(folder, 'server.yaml'),
      CLASPER_POLICY_OPERATORS: 'false',
      CLASPER_MODE: 'strict',
    },
  })

  it('hold for every tenant', async () => {
    for (const { scope } of await twoTenants())
      expect(await ask(scope, { tool: 'shell:rm' })).toMatchObject({ decision: 'deny', policyId: 'server/house' })
  })

  it('in strict a tool of which nobody speaks is refused; operators can be switched off', async () => {
    const { scope } = await newTenant()
    expect(await ask(scope)).toMatchObject({ decision: 'deny', policyId: null })
    await expect(createPolicy(scope, document({ conditions: { agent_role: { in: ['a'] } } }))).rejects.toMatchObject({
      code: 'invalid_request',
    })
    await createPolicy(scope, document({ effect: { decision: 'allow' }, conditions: { agent_role: 'support' } }))
    expect((await ask(scope)).decision).toBe('allow')
  })
})
