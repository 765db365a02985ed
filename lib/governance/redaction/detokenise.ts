import { unsealToken } from '@/lib/core/redaction/tenant'
import type { Scope } from '@/lib/core/scope'
import { Problem } from '@/lib/shared/problem'
import type { DetokeniseAsked } from '../contract/redaction'
import { receiptWrite } from '../receipts/receipt'
import { findTokens } from './store'

const bare = (token: string): string => token.replace(/^\[TOKEN:/, '').replace(/\]$/, '')

// A token does not say in which workspace it came about, so it is open to nobody who is fenced in.
const requireWholeTenant = ({ identity }: Scope): void => {
  if (identity.workspaceIds === null) return
  throw new Problem('workspace_access_denied', 'Tokens belong to the whole tenant')
}

/** What tokens stand for. The receipt and the audit row are written before anybody reads; neither holds the values. */
export const detokenise = async (scope: Scope, asked: DetokeniseAsked) => {
  requireWholeTenant(scope)
  const tokens = [...new Set(asked.tokens.map(bare))]
  const rows = new Map((await findTokens(scope.db, tokens)).map((row) => [row.token, row]))
  const values = tokens.map((token) => {
    const row = rows.get(token)
    return {
      token: `[TOKEN:${token}]`,
      kind: row?.kind ?? null,
      value: row ? unsealToken(scope.tenantId, token, row.sealed) : null,
    }
  })
  const reason = { reason_code: asked.reason_code, justification: asked.justification }
  const parts = values.flatMap(({ token, value }) => (value === null ? [] : [token]))
  const made = { kind: 'reveal', action: 'trace:reveal', targetId: null, reason, isDue: false } as const
  const receipt = receiptWrite(scope, { ...made, data: { parts } })
  const data = { by: 'detokenise', ...reason, tokens: parts, asked: tokens.length, receipt_id: receipt.id }
  await scope.command({ audit: [{ event: 'trace_revealed', data }], writes: [receipt.write] })
  return { tenant_id: scope.tenantId, receipt_id: receipt.id, values }
}
