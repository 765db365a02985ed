import { createHash, createHmac } from 'node:crypto'
import { secretsKey } from '@/lib/auth'
import { kernel } from '@/lib/core/kernel'
import { stableJson } from '@/lib/shared/stable-json'
import type { DecisionRow } from './store'

const HASHES = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' } as const

const derived = (purpose: string): string => createHmac('sha256', secretsKey()).update(purpose).digest('base64url')

const secretOf = (): string => kernel().env.CLASPER_DECISION_TOKEN_SECRET || derived('decision-token')

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

const signatureOf = (text: string): string =>
  createHmac(HASHES[kernel().env.CLASPER_DECISION_TOKEN_ALGORITHM], secretOf()).update(text).digest('base64url')

export const hashOfToken = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`

type Grant = Pick<DecisionRow, 'id' | 'tenantId' | 'workspaceId' | 'adapterId' | 'executionId' | 'grantedScope'>

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000)

/** Made of the decision alone, so that the agent can be given it again while only its hash is kept. */
export const decisionToken = (row: Grant, about: { jti: string; issuedAt: Date; expiresAt: Date }): string => {
  const claims = {
    typ: 'decision_token',
    tenant_id: row.tenantId,
    workspace_id: row.workspaceId,
    adapter_id: row.adapterId,
    execution_id: row.executionId,
    decision_id: row.id,
    granted_scope: row.grantedScope,
    jti: about.jti,
    iat: seconds(about.issuedAt),
    exp: seconds(about.expiresAt),
  }
  const text = `${encoded({ alg: kernel().env.CLASPER_DECISION_TOKEN_ALGORITHM, typ: 'JWT' })}.${encoded(JSON.parse(stableJson(claims)) as object)}`
  return `${text}.${signatureOf(text)}`
}

/** What callbacks of this agent are signed with: it is told to the agent once and kept nowhere. */
export const callbackSecretFor = (tenantId: string, adapterId: string): string =>
  `whsec_${createHmac('sha256', derived('decision-callback')).update(`${tenantId}\n${adapterId}`).digest('base64')}`
