import type { z } from 'zod'
import type { Scope } from '@/lib/core/scope'
import { storedTime } from '@/lib/core/statement'
import { callbackSecretFor } from '@/lib/governance'
import { Problem } from '@/lib/shared/problem'
import type { registerAdapter as contract, RegisterBody } from './contract/adapter'
import { assertSelf, holderOf } from './current-adapter'
import { presentAdapter } from './present'
import { putAdapter } from './sql'
import { findAdapter } from './store'

const unique = (names: readonly string[]): string[] => [...new Set(names)].sort()

const assertAllowed = (scope: Scope, wished: readonly string[]): void => {
  const allowed = new Set(holderOf(scope).capabilities)
  const beyond = wished.filter((name) => !allowed.has(name))
  if (beyond.length > 0) throw new Problem('capability_not_allowed', undefined, { capabilities: beyond })
}

/** An agent says what it is. It can become more dangerous by its own word, never less; and stays off once it is. */
export const registerAdapter = async (
  scope: Scope,
  body: RegisterBody,
): Promise<z.input<(typeof contract)['reply']>> => {
  assertSelf(scope, body.adapter_id)
  const capabilities = unique(body.capabilities)
  assertAllowed(scope, capabilities)
  const told = {
    id: body.adapter_id,
    name: scope.redaction.text(body.display_name),
    risk: body.risk_class,
    capabilities,
    tools: unique(body.tool_capabilities ?? []),
    version: body.version,
    tier: body.certification_tier ?? null,
    enabled: body.enabled,
    now: storedTime(scope.clock.now()),
  }
  const { now: _, id: adapter_id, ...facts } = told
  const data = { kind: 'adapter', act: 'registered', adapter_id, ...facts }
  const row = await scope.mutate({ event: 'config_change', entityId: body.adapter_id, data }, async (db) => {
    await db.run(putAdapter, [told])
    return findAdapter(db, body.adapter_id)
  })
  if (row === null) throw new Error('A row that was just written is not there')
  return { ...presentAdapter(row), callback_secret: callbackSecretFor(scope.tenantId, row.id) }
}
