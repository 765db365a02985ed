import { EMPTY_ROOT } from '../core/audit/tree'
import type { Scope } from '../core/scope'
import { mayReadAll } from './audit-filter'
import { auditKeys, originOf } from './audit-key'
import { presentCheckpoint } from './present'
import { verifierKey } from './signed-note'
import { newestCheckpoint, readHead } from './store'

export const auditHead = async (scope: Scope) => {
  mayReadAll(scope)
  const [head, checkpoint] = await Promise.all([readHead(scope), newestCheckpoint(scope)])
  const keys = auditKeys()
  return {
    tenant_id: scope.tenantId,
    size: head.size,
    root_hash: head.rootHash ?? EMPTY_ROOT,
    head_hash: head.headHash,
    checkpoint: checkpoint ? presentCheckpoint(scope.tenantId, checkpoint) : null,
    public_key: keys ? verifierKey(originOf(scope.tenantId), keys.publicKey) : null,
  }
}
