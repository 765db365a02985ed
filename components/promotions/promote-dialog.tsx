'use client'

import { useState } from 'react'
import type { ActProps } from '@/components/environments/act-props'
import { QueryView } from '@/components/states/query-view'
import { Dialog } from '@/components/ui/dialog'
import { Select } from '@/components/ui/select'
import { Skeleton } from '@/components/ui/skeleton'
import { linkStyle, promotionHref } from '@/components/workspaces/workspace-words'
import { PromotionDecision, PromotionEvidence } from './promotion-view'
import { RequestForm } from './request-form'
import { usePromotion } from './use-promotions'

type Props = ActProps & { target: string | null }

/** From what would change to what it takes, to the one button, without leaving the board. */
export const PromoteDialog = ({ open, onOpenChange, target, ...props }: Props) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title={`Promote ${props.environment.environment}${target ? ` to ${target}` : ''}`}
    description="What it would change and what it has to show. Nothing changes before it is executed."
    className="w-[min(860px,calc(100vw-24px))]"
  >
    <Body {...props} target={target} />
  </Dialog>
)

type BodyProps = Omit<Props, 'open' | 'onOpenChange'>

const Body = (props: BodyProps) => {
  const { environment, all, workspaceId } = props
  const others = all.map((one) => one.environment).filter((name) => name !== environment.environment)
  const [target, setTarget] = useState(props.target ?? others[0] ?? null)
  const [id, setId] = useState<string | null>(null)
  const goal = all.find((one) => one.environment === target)
  if (id !== null) return <Live workspaceId={workspaceId} id={id} />
  if (!environment.pin || !goal)
    return <p className="text-ink-soft text-table">There is no other environment that it could go to.</p>
  return (
    <div className="grid gap-4">
      {props.target === null ? (
        <Select
          aria-label="To"
          value={goal.environment}
          options={others.map((name) => ({ value: name, label: `To ${name}` }))}
          onChange={(event) => setTarget(event.target.value)}
        />
      ) : null}
      <RequestForm
        key={goal.environment}
        workspaceId={workspaceId}
        source={environment}
        target={goal}
        onAsked={setId}
      />
    </div>
  )
}

const Live = ({ workspaceId, id }: { workspaceId: string; id: string }) => {
  const query = usePromotion(workspaceId, id)
  return (
    <div className="grid gap-4">
      <QueryView query={query} what="The promotion" skeleton={<Skeleton className="h-96" />}>
        {({ promotion }) => (
          <>
            <PromotionEvidence promotion={promotion} />
            <PromotionDecision promotion={promotion} />
          </>
        )}
      </QueryView>
      <p className="text-table">
        <a href={promotionHref(workspaceId, id)} className={linkStyle}>
          Open it as a page, to show it to whoever approves
        </a>
      </p>
    </div>
  )
}
