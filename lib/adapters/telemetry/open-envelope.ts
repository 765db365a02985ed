import type { z } from 'zod'
import { dateOf } from '@/lib/core/clock'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import { PAYLOADS, type Payload, type PayloadKind, SignedEnvelope } from '../contract/ingest'
import { assertSelf, type CurrentAdapter } from '../current-adapter'
import { findLiveKeys } from '../store'
import { publicKeyOf } from '../telemetry-keys'
import { isSignedWith, payloadHashOf } from './signature'

export type Opened<K extends PayloadKind> = {
  payload: Payload<K>
  payloadHash: string
  // signed: by a key that was registered here; everything else is the agent's own word.
  evidence: 'signed' | 'self_attested'
  // Why it is not signed, where that is to be told.
  unsigned: 'no_envelope' | 'no_key' | null
}

type Json = Readonly<Record<string, unknown>>

// The table is by kind, which the compiler does not follow through a parameter.
const schemaOf = <K extends PayloadKind>(kind: K) => PAYLOADS[kind] as unknown as z.ZodType<Payload<K>>

const parsed = <T>(schema: z.ZodType<T>, value: unknown, under: string): T => {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const fieldErrors: Record<string, string[]> = {}
  for (const { path, message } of result.error.issues.slice(0, 50)) {
    const field = [under, ...path.map(String)].filter((part) => part !== '').join('.')
    fieldErrors[field] = [...(fieldErrors[field] ?? []), message]
  }
  throw new Problem('invalid_request', 'Invalid payload', { formErrors: [], fieldErrors })
}

// Whoever signs wrongly is told why, and it is written down: it may be somebody else.
const refuse = async (scope: Scope, adapterId: string, kind: PayloadKind, reason: string): Promise<never> => {
  const data = { adapter_id: adapterId, payload_type: kind, reason }
  await scope.command({ audit: [{ event: 'adapter_telemetry_signature_invalid', entityId: adapterId, data }] })
  throw new Problem('signature_invalid', undefined, { reason })
}

const isLate = (scope: Scope, issuedAt: string): boolean =>
  Math.abs(scope.clock.now().getTime() - dateOf(issuedAt).getTime()) >
  kernel().env.CLASPER_TELEMETRY_MAX_SKEW_SECONDS * 1000

const IDS = ['execution_id', 'trace_id', 'adapter_id'] as const

const differs = (envelope: SignedEnvelope, payload: Json): boolean =>
  IDS.some((name) => payload[name] !== undefined && payload[name] !== envelope[name])

const faultOf = (scope: Scope, envelope: SignedEnvelope, kind: PayloadKind): string | null => {
  if (envelope.payload_type !== kind) return 'payload_type'
  if (payloadHashOf(envelope.payload) !== envelope.payload_hash) return 'payload_hash'
  if (isLate(scope, envelope.issued_at)) return 'issued_at'
  return differs(envelope, envelope.payload) ? 'ids' : null
}

// undefined: there is no key that could have signed it.
const isSigned = async (scope: Scope, adapter: CurrentAdapter, sent: Json): Promise<boolean | undefined> => {
  const keys = await findLiveKeys(scope.db, adapter.id, String(sent['adapter_version']))
  if (keys.length === 0) return undefined
  return keys.some((key) => {
    const found = publicKeyOf(key.publicJwk)
    return found !== null && isSignedWith(sent, String(sent['signature']), key.keyAlg, found)
  })
}

const mode = () => kernel().env.CLASPER_TELEMETRY_SIGNATURE_MODE

const assertTaken = (reason: 'no_envelope' | 'no_key'): void => {
  if (mode() === 'enforce') throw new Problem('signature_required', undefined, { reason })
}

const plain = <K extends PayloadKind>(sent: Json, kind: K): Opened<K> => {
  assertTaken('no_envelope')
  const payload = parsed(schemaOf(kind), sent, '')
  return { payload, payloadHash: payloadHashOf(payload), evidence: 'self_attested', unsigned: 'no_envelope' }
}

const enveloped = async <K extends PayloadKind>(
  scope: Scope,
  adapter: CurrentAdapter,
  sent: Json,
  kind: K,
): Promise<Opened<K>> => {
  const envelope = parsed(SignedEnvelope, sent, '')
  assertSelf(scope, envelope.adapter_id)
  const fault = faultOf(scope, envelope, kind)
  if (fault !== null) return refuse(scope, adapter.id, kind, fault)
  const signed = await isSigned(scope, adapter, sent)
  if (signed === false) return refuse(scope, adapter.id, kind, 'signature')
  if (signed === undefined) assertTaken('no_key')
  const { execution_id, trace_id, adapter_id } = envelope
  const whole = { ...envelope.payload, execution_id, trace_id, adapter_id }
  return {
    payload: parsed(schemaOf(kind), whole, 'payload'),
    payloadHash: envelope.payload_hash,
    evidence: signed ? 'signed' : 'self_attested',
    unsigned: signed ? null : 'no_key',
  }
}

type Placed = { tenant_id?: string; workspace_id?: string; adapter_id: string }

// What stands in the payload was not seen by the guard, which knows the outside of an envelope alone.
const assertPlaced = (scope: Scope, { tenant_id: tenant, workspace_id: workspace, adapter_id: id }: Placed): void => {
  assertSelf(scope, id)
  if (tenant !== undefined && tenant !== scope.tenantId)
    throw new Problem('tenant_access_denied', undefined, { tenant_id: tenant })
  const { workspaceIds } = scope.identity
  if (workspace !== undefined && workspaceIds !== null && !workspaceIds.includes(workspace))
    throw new Problem('workspace_access_denied', undefined, { workspace_id: workspace })
}

/** What an agent sends, checked: whose it is, that it is in time, and how far it can be believed. */
export const openEnvelope = async <K extends PayloadKind>(
  scope: Scope,
  adapter: CurrentAdapter,
  sent: Json,
  kind: K,
): Promise<Opened<K>> => {
  const isEnvelope = sent['envelope_version'] !== undefined
  const opened = isEnvelope ? await enveloped(scope, adapter, sent, kind) : plain(sent, kind)
  assertPlaced(scope, opened.payload as Placed)
  return opened
}

/** Whether the mode asks for a row about telemetry that nobody signed. */
export const tellsUnsigned = (): boolean => mode() === 'warn'
