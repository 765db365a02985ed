'use client'

import { Card } from '@/components/ui/card'
import type { Promotion } from '@/lib/promotion/contract'
import { ApprovalsCard } from './approvals-card'
import { ChangeSummary } from './change-summary'
import { CheckList } from './check-list'
import { OtherPinChanges } from './other-pin-changes'
import { PromotionActs } from './promotion-acts'
import { PromotionState } from './promotion-state'

/** What would change, and what it has shown. */
export const PromotionEvidence = ({ promotion }: { promotion: Promotion }) => {
  const { workspace_id: workspaceId, replaces } = promotion
  return (
    <div className="grid min-w-0 gap-4">
      <PromotionState promotion={promotion} />
      {replaces ? (
        <ChangeSummary workspaceId={workspaceId} from={replaces.version_hash} to={promotion.version_hash} />
      ) : (
        <p className="text-ink-muted text-table">
          {promotion.target_env} had nothing pinned, so there is nothing to compare with.
        </p>
      )}
      <OtherPinChanges next={promotion.next} replaces={replaces} />
      <Card title="Checks" flush>
        <CheckList workspaceId={workspaceId} checks={promotion.checks} />
      </Card>
    </div>
  )
}

/** Who says yes, and what can be done with it now. */
export const PromotionDecision = ({ promotion }: { promotion: Promotion }) => (
  <div className="grid min-w-0 gap-4">
    <ApprovalsCard promotion={promotion} />
    <PromotionActs promotion={promotion} />
  </div>
)
