'use client'

import { CircleCheck, CircleX, UserRoundCheck } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { roleName } from '@/components/shell/role-names'
import { useMay, useViewer } from '@/components/shell/viewer'
import { ErrorLine } from '@/components/states/error-state'
import { plural } from '@/components/traces/trace-words'
import { auditHref } from '@/components/ui/audit-href'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { Field, Textarea } from '@/components/ui/field'
import { RelativeTime } from '@/components/ui/relative-time'
import { notifyDone } from '@/components/ui/toast'
import { personOf } from '@/components/workspaces/workspace-words'
import type { Promotion } from '@/lib/promotion/contract'
import { isOpen, useApprove } from './use-promotions'

type Approvals = Promotion['approvals']

export const neededWords = ({ required, role, from }: Pick<Approvals, 'required' | 'role' | 'from'>): string => {
  if (required === 0) return 'The gate asks for no approval.'
  const who = from ? `of ${from.join(', ')}` : `by people who are at least ${roleName(role).toLowerCase()}`
  return `The gate asks for ${plural(required, 'approval')} ${who}, never by who asks for it.`
}

export const ApprovalsCard = ({ promotion }: { promotion: Promotion }) => {
  const { approvals } = promotion
  return (
    <Card
      title="Approvals"
      actions={
        approvals.required > 0 ? (
          <Badge tone={approvals.given >= approvals.required ? 'ok' : 'warn'} icon={UserRoundCheck}>
            {approvals.given} of {approvals.required}
          </Badge>
        ) : null
      }
    >
      <div className="grid gap-3">
        <p className="break-words text-ink-soft text-table">{neededWords(approvals)}</p>
        {approvals.items.length > 0 ? (
          <ul className="grid gap-2">
            {approvals.items.map((item) => (
              <Said key={`${item.user_id} ${item.decided_at}`} item={item} />
            ))}
          </ul>
        ) : null}
        {isOpen(promotion) ? <Decide promotion={promotion} /> : null}
      </div>
    </Card>
  )
}

const Said = ({ item }: { item: Approvals['items'][number] }) => {
  const isYes = item.decision === 'approve'
  const Icon = isYes ? CircleCheck : CircleX
  return (
    <li className="flex items-start gap-2 text-table">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${isYes && item.counts ? 'text-ok' : 'text-ink-muted'}`} />
      <span className="min-w-0 break-words">
        <span className="font-medium text-ink">{item.name ?? item.user_id}</span> {isYes ? 'approved' : 'rejected'}{' '}
        <RelativeTime iso={item.decided_at} className="text-ink-muted" />
        {item.comment ? <span className="block text-ink-soft">“{item.comment}”</span> : null}
        {item.why_not ? <span className="block text-warn">Does not count: {item.why_not}</span> : null}
      </span>
    </li>
  )
}

const WhyNot = ({ promotion }: { promotion: Promotion }) => {
  const { me } = useViewer()
  const may = useMay('workspace:promote')
  const { required, given } = promotion.approvals
  if (required === 0 || promotion.status === 'checking') return null
  const own = personOf(promotion.requested_by) === me.user.id
  if (own)
    return (
      <p className="text-ink-muted text-table">
        You asked for it, so somebody else has to {given < required ? 'approve it' : 'say the rest'}.
      </p>
    )
  return (
    <p className="text-ink-muted text-table">
      {may ? 'The gate names other people or another role than yours.' : 'Your role does not approve promotions.'}
    </p>
  )
}

const Decide = ({ promotion }: { promotion: Promotion }) => {
  const [comment, setComment] = useState('')
  const approve = useApprove()
  const { me } = useViewer()
  if (!promotion.can.approve) return <WhyNot promotion={promotion} />
  const mine = promotion.approvals.items.find(({ user_id: id, counts }) => id === me.user.id && counts)
  const say = async (decision: 'approve' | 'reject') => {
    const body = {
      decision,
      ...(comment.trim() === '' ? {} : { comment: comment.trim() }),
      // What is on the screen, and nothing that came after.
      ...(promotion.candidate_hash ? { candidate_hash: promotion.candidate_hash } : {}),
    }
    const params = { workspaceId: promotion.workspace_id, id: promotion.id }
    const answer = await approve.mutateAsync({ params, body }).catch(() => null)
    if (!answer) return
    setComment('')
    notifyDone({
      text: decision === 'approve' ? 'Approved: exactly this version with this evidence' : 'Rejected: it is over',
      auditHref: auditHref(answer.requestId),
    })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void say('approve')
  }
  return (
    <form onSubmit={submit} aria-label="Your word" className="grid gap-3 rounded-md border border-line-strong p-3">
      <Field
        label="Comment"
        hint="Your word counts for exactly this version with this evidence; one rejection ends the promotion."
      >
        {(wiring) => (
          <Textarea
            {...wiring}
            rows={2}
            maxLength={2_000}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
          />
        )}
      </Field>
      {approve.error ? <ErrorLine error={approve.error} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" pending={approve.isPending}>
          {mine ? 'Approve again' : 'Approve'}
        </Button>
        <Button look="danger" pending={approve.isPending} onClick={() => void say('reject')}>
          Reject
        </Button>
      </div>
    </form>
  )
}
