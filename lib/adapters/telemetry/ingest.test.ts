import { describe, expect, it } from 'vitest'
import { kernel } from '@/lib/core/kernel'
import { systemDb } from '@/lib/core/system-db'
import {
  agentScope,
  allowed,
  codeOf,
  envelope,
  newAgent,
  newSigner,
  rule,
  withKey,
} from '@/lib/core/testing/adapter-house'
import { describeEachDialect } from '@/lib/core/testing/database'
import { newTenant, useKernel } from '@/lib/core/testing/kernel'
import { recordRun } from '@/lib/core/testing/recorded-run'
import { useTelemetryHouse } from '@/lib/core/testing/telemetry-house'
import { uuidv7 } from '@/lib/shared/id'
import { getTrace, listTraces } from '@/lib/tracing'
import { ingestCost, ingestTrace, putTelemetryKey, revokeTelemetryKey } from '../index'
import { thumbprintOf } from '../telemetry-keys'

const PAGE = { limit: 10, offset: 0, view: 'summary' } as const

describeEachDialect('telemetry of external agents', (dialect) => {
  const { clock, state, place, ids, trace, plain, cost, events, stored } = useTelemetryHouse(dialect)

  it('a plain trace is stored, redacted, unverified, and told to be unsigned', async () => {
    expect(await ingestTrace(state.agent, plain(trace()))).toEqual({ status: 'ok' })
    expect(await ingestTrace(state.agent, plain(trace()))).toEqual({ status: 'duplicate' })
    const { trace: shown } = await getTrace(state.tenant.scope, state.trace)
    expect(shown).toMatchObject({
      origin: 'adapter',
      adapter_id: 'coder',
      execution_id: 'run',
      trust_status: 'unverified',
      integrity_status: 'unsigned',
      input: { message: 'Mail me at [EMAIL]' },
      usage: { input_tokens: 10, output_tokens: 5 },
      steps: [{ type: 'llm_call' }],
    })
    expect((await events()).slice(-2)).toContain('adapter_telemetry_unsigned')
    const sums = await systemDb().traceRollup.findMany({ where: { tenantId: state.tenant.id } })
    expect(sums).toMatchObject([{ origin: 'adapter', traces: 1 }])
  })

  describe.each(['ed25519', 'ES256'] as const)('signed with %s', (algorithm) => {
    it('is verified in lists, in the detail and by the filter', async () => {
      const signer = newSigner(algorithm)
      await withKey(state.tenant, signer)
      const sent = envelope(signer, 'trace', ids(), { ...place(), ...trace() })
      expect(await ingestTrace(state.agent, sent)).toEqual({ status: 'ok' })
      expect((await getTrace(state.tenant.scope, state.trace)).trace).toMatchObject({
        trust_status: 'verified',
        integrity_status: 'verified',
      })
      const found = await listTraces(state.tenant.scope, { ...PAGE, trust_status: 'verified' })
      expect(found.traces).toMatchObject([{ id: state.trace, trust_status: 'verified', adapter_id: 'coder' }])
      expect(found.total).toBe(1)
      const others = await listTraces(state.tenant.scope, { ...PAGE, trust_status: 'unverified' })
      expect(others.traces).toEqual([])
      expect(await events()).not.toContain('adapter_telemetry_unsigned')
    })

    it('is refused when one byte, the hash, the kind, the ids or the clock is wrong', async () => {
      const signer = newSigner(algorithm)
      await withKey(state.tenant, signer)
      const payload = { ...place(), ...trace() }
      const good = envelope(signer, 'trace', ids(), payload)
      const late = { issued_at: new Date(clock.now().getTime() - 301_000).toISOString() }
      const early = { issued_at: new Date(clock.now().getTime() + 301_000).toISOString() }
      const wrong = [
        {
          ...good,
          signature:
            `A${good.signature.slice(1)}` === good.signature
              ? `B${good.signature.slice(1)}`
              : `A${good.signature.slice(1)}`,
        },
        { ...good, payload: { ...payload, workspace_id: 'other' } },
        { ...good, adapter_version: '9' },
        { ...good, unsaid: 'added' },
        envelope(signer, 'audit', ids(), payload),
        envelope(signer, 'trace', ids(), payload, late),
        envelope(signer, 'trace', ids(), payload, early),
        envelope(signer, 'trace', ids(), { ...payload, execution_id: 'another' }),
        envelope(newSigner(algorithm), 'trace', ids(), payload),
      ]
      for (const sent of wrong) expect(await codeOf(ingestTrace(state.agent, sent))).toBe('signature_invalid')
      expect((await events()).filter((event) => event === 'adapter_telemetry_signature_invalid')).toHaveLength(
        wrong.length,
      )
      expect(await stored()).toBeNull()
      expect(await ingestTrace(state.agent, good)).toEqual({ status: 'ok' })
    })
  })

  it('a key of one algorithm, version or agent does not do for another, nor one that was revoked', async () => {
    const [signer, other] = [newSigner('ed25519'), newSigner('ES256')]
    await withKey(state.tenant, signer)
    const payload = { ...place(), ...trace() }
    expect(await codeOf(ingestTrace(state.agent, envelope(other, 'trace', ids(), payload)))).toBe('signature_invalid')
    await newAgent(state.tenant, 'other')
    const asOther = envelope(signer, 'trace', ids({ adapter_id: 'other' }), payload)
    expect(await codeOf(ingestTrace(state.agent, asOther))).toBe('adapter_scope_mismatch')
    await revokeTelemetryKey(state.tenant.scope, { adapter_id: 'coder', key_id: thumbprintOf(signer.jwk) })
    expect(await ingestTrace(state.agent, envelope(signer, 'trace', ids(), payload))).toEqual({ status: 'ok' })
    expect(await stored()).toMatchObject({ trustStatus: 'unverified' })
    expect(await codeOf(withKey(state.tenant, signer))).toBe('version_conflict')
  })

  it('a key that was there first still signs, however many came for other versions', async () => {
    const signer = newSigner()
    await withKey(state.tenant, signer)
    clock.advance(1)
    for (let n = 0; n < 21; n++) {
      const jwk = newSigner().jwk as { kty: 'OKP'; crv: 'Ed25519'; x: string }
      const about = { adapter_id: 'coder', version: `2.${n}`, key_alg: 'ed25519' as const }
      await putTelemetryKey(state.tenant.scope, { ...about, public_jwk: jwk })
    }
    await ingestTrace(state.agent, envelope(signer, 'trace', ids(), { ...place(), ...trace() }))
    expect(await stored()).toMatchObject({ trustStatus: 'verified' })
  })

  it('a foreign tenant, workspace or agent is refused wherever it is named', async () => {
    const signer = newSigner()
    await withKey(state.tenant, signer)
    const foreign = await newTenant('b')
    const elsewhere = { ...trace(), tenant_id: foreign.id, workspace_id: 'default' }
    expect(await codeOf(ingestTrace(state.agent, envelope(signer, 'trace', ids(), elsewhere)))).toBe(
      'tenant_access_denied',
    )
    expect(await codeOf(ingestTrace(state.agent, plain(trace(), { tenant_id: foreign.id })))).toBe(
      'tenant_access_denied',
    )
    expect(await codeOf(ingestTrace(state.agent, plain(trace(), { workspace_id: 'other' })))).toBe(
      'workspace_access_denied',
    )
    expect(await codeOf(ingestTrace(state.agent, plain(trace(), { adapter_id: 'other' })))).toBe(
      'adapter_scope_mismatch',
    )
    await rule(state.tenant, 'allow')
    const other = await newAgent(state.tenant, 'other')
    await allowed(state.tenant, other, { adapter_id: 'other', execution_id: 'theirs' })
    expect(await codeOf(ingestTrace(state.agent, plain(trace(), { execution_id: 'theirs' })))).toBe('not_found')
  })

  it('a trace that is there stays as it is, whoever owns it', async () => {
    const own = await recordRun(state.tenant.scope, { userId: 'ann' })
    expect(await codeOf(ingestTrace(state.agent, plain(trace(), { trace_id: own })))).toBe('trace_exists')
    expect(await codeOf(ingestCost(state.agent, cost(1, { trace_id: own })))).toBe('trace_exists')
    await ingestTrace(state.agent, plain(trace()))
    expect(await codeOf(ingestTrace(state.agent, plain(trace({ model: 'other' }))))).toBe('trace_exists')
    const other = await newAgent(state.tenant, 'other')
    const theirs = plain(trace({ model: 'theirs' }), { adapter_id: 'other' })
    expect(await codeOf(ingestTrace(other, theirs))).toBe('trace_exists')
    const foreign = await newTenant('b')
    const stranger = await newAgent(foreign)
    expect(await ingestTrace(stranger, plain(trace({ model: 'foreign' }), { tenant_id: foreign.id }))).toEqual({
      status: 'ok',
    })
    expect(await stored()).toMatchObject({ model: 'gpt-4o' })
  })

  it('a failed ingest can be told again', async () => {
    expect(await codeOf(ingestTrace(state.agent, plain(trace({ steps: [{ type: 'wrong' }] }))))).toBe('invalid_request')
    expect(await ingestTrace(state.agent, plain(trace()))).toEqual({ status: 'ok' })
  })

  it('is not taken from those that may not send', async () => {
    expect(
      await codeOf(ingestTrace(agentScope(state.tenant.id, 'nobody'), plain(trace(), { adapter_id: 'nobody' }))),
    ).toBe('adapter_not_registered')
    expect(await codeOf(ingestTrace(state.tenant.scope, plain(trace())))).toBe('permission_denied')
    expect(kernel().env.CLASPER_TELEMETRY_SIGNATURE_MODE).toBe('warn')
  })
})

describeEachDialect('telemetry that must be signed', (dialect) => {
  const env = { CLASPER_TELEMETRY_SIGNATURE_MODE: 'enforce', CLASPER_TOOL_AUTH_MODE: 'enforce' }
  useKernel(dialect, { env })

  it('is refused plain, without a key, and with tools that nobody authorized', async () => {
    const tenant = await newTenant()
    const agent = await newAgent(tenant)
    const ids = { execution_id: 'run', trace_id: uuidv7(Date.parse('2026-11-21T00:00:00Z')), adapter_id: 'coder' }
    const at = kernel().clock.now().toISOString()
    const place = { tenant_id: tenant.id, workspace_id: 'default' }
    const call = { type: 'tool_call', timestamp: at, data: { tool_call_id: '1', tool_name: 'file_read' } }
    const sent = { ...place, trace: { started_at: at, steps: [call] } }
    expect(await codeOf(ingestTrace(agent, { ...ids, ...sent }))).toBe('signature_required')
    const signer = newSigner()
    expect(await codeOf(ingestTrace(agent, envelope(signer, 'trace', ids, sent)))).toBe('signature_required')
    await withKey(tenant, signer)
    expect(await codeOf(ingestTrace(agent, envelope(signer, 'trace', ids, sent)))).toBe('tool_authorization_missing')
    const quiet = { ...place, trace: { started_at: at } }
    expect(await ingestTrace(agent, envelope(signer, 'trace', ids, quiet))).toEqual({ status: 'ok' })
  })
})
