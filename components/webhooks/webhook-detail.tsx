'use client'

import { RotateCw } from 'lucide-react'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import { formatBytes, formatUtc } from '@/components/ui/format'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { notifyDone, notifyFailed } from '@/components/ui/toast'
import type { WebhookDetail as Detail } from '@/lib/webhooks/contract'
import { useRetryWebhook, useWebhook } from './use-webhooks'
import { WebhookAttempts } from './webhook-attempts'
import { WebhookState } from './webhook-columns'

export const WebhookDetail = ({ id }: { id: string }) => {
  const query = useWebhook(id)
  return (
    <QueryView query={query} what="This webhook" stillWorks="The list still works." skeleton={<DetailSkeleton />}>
      {({ webhook }) => <DetailBody webhook={webhook} />}
    </QueryView>
  )
}

const DetailBody = ({ webhook }: { webhook: Detail }) => (
  <div className="grid gap-5">
    <Facts facts={factsOf(webhook)} />
    <WebhookAttempts tries={webhook.tries} />
    {webhook.state === 'dead' ? <DeadActions webhook={webhook} /> : null}
  </div>
)

const factsOf = (webhook: Detail) => [
  { name: 'State', value: <WebhookState state={webhook.state} /> },
  { name: 'Receiver', value: <span className="break-all">{webhook.url}</span> },
  { name: 'Created', value: formatUtc(webhook.created_at) },
  ...(webhook.next_attempt_at ? [{ name: 'Next attempt', value: <RelativeTime iso={webhook.next_attempt_at} /> }] : []),
  ...(webhook.finished_at ? [{ name: 'Ended', value: formatUtc(webhook.finished_at) }] : []),
  { name: 'Body', value: formatBytes(webhook.body_bytes) },
  ...(webhook.trace_id ? [{ name: 'Trace', value: <CopyId id={webhook.trace_id} what="trace id" full /> }] : []),
  { name: 'Webhook id', value: <CopyId id={webhook.id} what="webhook id" full /> },
]

const DeadActions = ({ webhook }: { webhook: Detail }) => {
  const mayManage = useMay('job:manage')
  const retry = useRetryWebhook()
  if (!webhook.can_retry)
    return (
      <p className="text-ink-muted text-table">
        Its address and secret are no longer held, so it cannot be delivered again.
      </p>
    )
  if (!mayManage) return <p className="text-ink-muted text-table">To deliver it again needs an admin.</p>
  const act = async () => {
    try {
      const { requestId } = await retry.mutateAsync({ params: { id: webhook.id } })
      notifyDone({ text: `${webhook.event} is delivered again`, auditHref: auditHref(requestId) })
    } catch (error) {
      notifyFailed({ text: 'The webhook stays as it was', detail: error instanceof Error ? error.message : '' })
    }
  }
  return (
    <div>
      <Button size="small" pending={retry.isPending} onClick={() => void act()}>
        <RotateCw aria-hidden className="size-3.5" /> Deliver again
      </Button>
    </div>
  )
}

const DetailSkeleton = () => (
  <div className="grid gap-5">
    <Skeleton className="h-36 w-full" />
    <Skeleton className="h-24 w-full" />
  </div>
)
