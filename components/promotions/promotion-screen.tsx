'use client'

import { PageHeader } from '@/components/shell/page-header'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatUtc } from '@/components/ui/format'
import { Skeleton } from '@/components/ui/skeleton'
import { VersionLink } from '@/components/workspaces/version-link'
import {
  environmentsHref,
  linkStyle,
  personOf,
  promotionsHref,
  workspaceHref,
} from '@/components/workspaces/workspace-words'
import type { Promotion } from '@/lib/promotion/contract'
import { GateCard } from './gate-card'
import { PromotionDecision, PromotionEvidence } from './promotion-view'
import { usePromotion } from './use-promotions'

type Props = { workspaceId: string; id: string }

export const PromotionScreen = ({ workspaceId, id }: Props) => {
  const query = usePromotion(workspaceId, id)
  const promotion = query.data?.promotion
  return (
    <>
      <PageHeader
        title={promotion ? `${promotion.source_env} to ${promotion.target_env}` : 'Promotion'}
        text={`Of the workspace ${workspaceId}`}
      >
        <Button asChild>
          <a href={promotionsHref(workspaceId)}>All promotions</a>
        </Button>
        <Button asChild>
          <a href={environmentsHref(workspaceId)}>Environments</a>
        </Button>
      </PageHeader>
      <QueryView
        query={query}
        what="This promotion"
        stillWorks="Environments run what they ran."
        skeleton={<PromotionSkeleton />}
      >
        {({ promotion: one }) => (
          <div className="grid items-start gap-4 rail:grid-cols-[minmax(0,1fr)_380px]">
            <PromotionEvidence promotion={one} />
            <div className="grid min-w-0 gap-4">
              <PromotionDecision promotion={one} />
              <Card title="Facts">
                <Facts facts={factsOf(one)} />
              </Card>
              <GateCard gate={one.gate} target={one.target_env} />
            </div>
          </div>
        )}
      </QueryView>
    </>
  )
}

export const PromotionSkeleton = () => (
  <div className="grid gap-4 rail:grid-cols-[minmax(0,1fr)_380px]">
    <div className="grid gap-4">
      <Skeleton className="h-20 rounded-md" />
      <Skeleton className="h-96 rounded-md" />
    </div>
    <Skeleton className="h-64 rounded-md" />
  </div>
)

const moment = (at: string | null, who: string | null): string | null =>
  at === null ? null : [formatUtc(at), who === null ? null : `by ${personOf(who)}`].filter(Boolean).join(' ')

const factsOf = (one: Promotion) => {
  const times = [
    { name: 'Asked', value: moment(one.created_at, one.requested_by) },
    { name: 'Checked', value: moment(one.checked_at, null) },
    { name: 'Executed', value: moment(one.executed_at, one.executed_by) },
    { name: 'Taken back', value: moment(one.rolled_back_at, one.rolled_back_by) },
  ].flatMap(({ name, value }) => (value === null ? [] : [{ name, value }]))
  return [
    {
      name: 'Workspace',
      value: (
        <a href={workspaceHref(one.workspace_id)} className={`break-all ${linkStyle}`}>
          {one.workspace_id}
        </a>
      ),
    },
    { name: 'Version', value: <VersionLink workspaceId={one.workspace_id} hash={one.version_hash} /> },
    {
      name: 'In place of',
      value: one.previous_version_hash ? (
        <VersionLink workspaceId={one.workspace_id} hash={one.previous_version_hash} />
      ) : (
        'nothing pinned'
      ),
    },
    ...times,
    ...(one.receipt_id
      ? [
          {
            name: 'Override',
            value: (
              <a href={`/ops/receipts?peek=${encodeURIComponent(one.receipt_id)}`} className={linkStyle}>
                Its receipt
              </a>
            ),
          },
        ]
      : []),
    ...(one.evidence_hash
      ? [{ name: 'Evidence, sealed', value: <CopyId id={one.evidence_hash} what="hash of the evidence" full /> }]
      : []),
    { name: 'Promotion id', value: <CopyId id={one.id} what="promotion id" full /> },
    {
      name: 'Audit',
      value: (
        <a href={`/ops/audit?${new URLSearchParams({ entity_id: one.id })}`} className={linkStyle}>
          Every step of it
        </a>
      ),
    },
  ]
}
