'use client'

import { ListChecks } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { QueryView } from '@/components/states/query-view'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { DialogFooter } from '@/components/ui/dialog'
import { Skeleton } from '@/components/ui/skeleton'
import { notifyDone } from '@/components/ui/toast'
import { linkStyle, personOf, promotionHref, shortVersion } from '@/components/workspaces/workspace-words'
import type { Checks } from '@/lib/promotion/contract'
import { ROLES } from '@/lib/shared/rbac'
import type { EnvironmentView } from '@/lib/workspace/contract/environments'
import { neededWords } from './approvals-card'
import { ChangeSummary } from './change-summary'
import { CheckList } from './check-list'
import { bagAt, namesAt, numberAt, textAt } from './evidence-shape'
import { OtherPinChanges } from './other-pin-changes'
import { bodyOf, RequestFields, useWishes } from './request-fields'
import { isOpen, useCreatePromotion, useDryChecks, usePromotions } from './use-promotions'

type Props = {
  workspaceId: string
  source: EnvironmentView
  target: EnvironmentView
  onAsked: (id: string) => void
}

export const RequestForm = (props: Props) => {
  const { workspaceId, source, target } = props
  const dry = useDryChecks(workspaceId, source.environment, target.environment)
  if (!source.pin) return null
  return (
    <div className="grid gap-4">
      <OnItsWay {...props} />
      {target.pin ? (
        <ChangeSummary workspaceId={workspaceId} from={target.pin.version_hash} to={source.pin.version_hash} />
      ) : (
        <p className="text-ink-soft text-table">
          Nothing is pinned in {target.environment} yet: with this its runs get {shortVersion(source.pin.version_hash)}{' '}
          in place of the files as they are.
        </p>
      )}
      <OtherPinChanges next={source.pin} replaces={target.pin} />
      <Card title="What it has to show" flush>
        <QueryView
          query={dry}
          what="The checks"
          stillWorks={`${target.environment} runs what it ran.`}
          skeleton={<Skeleton className="m-4 h-64" />}
        >
          {({ checks }) => (
            <>
              <CheckList workspaceId={workspaceId} checks={checks.checks} />
              <p className="break-words border-line border-t px-4 py-2 text-ink-soft text-table">
                {whoApproves(checks)}
              </p>
            </>
          )}
        </QueryView>
      </Card>
      <Ask {...props} />
    </div>
  )
}

const whoApproves = ({ checks }: Checks): string => {
  const evidence = bagAt({ evidence: checks.find(({ name }) => name === 'approvals')?.evidence }, 'evidence')
  const role = ROLES.find((one) => one === textAt(evidence, 'role')) ?? 'release_manager'
  const from = namesAt(evidence, 'from')
  return neededWords({ required: numberAt(evidence, 'required') ?? 0, role, from: from.length > 0 ? from : null })
}

// The same was asked for already: one looks at that instead of asking twice.
const OnItsWay = ({ workspaceId, source, target, onAsked }: Props) => {
  const { data } = usePromotions(workspaceId, { target_env: target.environment })
  const known = data?.promotions.find((one) => isOpen(one) && one.source_env === source.environment)
  if (!known) return null
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md bg-info-soft px-4 py-2 text-info text-table">
      {personOf(known.requested_by)} has asked for {shortVersion(known.version_hash)} already.
      <Button size="small" onClick={() => onAsked(known.id)}>
        Go on with that one
      </Button>
      <a href={promotionHref(workspaceId, known.id)} className={linkStyle}>
        Open its page
      </a>
    </p>
  )
}

const Ask = ({ workspaceId, source, target, onAsked }: Props) => {
  const wishes = useWishes()
  const create = useCreatePromotion()
  const [isTried, setTried] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    const wish = bodyOf(wishes.value)
    if (!wish) return
    const body = { source_env: source.environment, target_env: target.environment, ...wish }
    const answer = await create.mutateAsync({ params: { workspaceId }, body }).catch(() => null)
    if (!answer) return
    notifyDone({ text: 'The promotion is asked for; its checks run', auditHref: auditHref(answer.requestId) })
    onAsked(answer.data.promotion.id)
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="grid gap-4" aria-label="Ask for the promotion">
      <RequestFields
        wishes={wishes}
        mayCanary={target.pin !== null}
        target={target.environment}
        isTried={isTried}
        error={create.error}
      />
      <p className="text-ink-soft text-table">
        Asking runs the checks in the background: recent runs of {target.environment} are replayed, and the evaluations
        that the gates name are run. They cost what the gates allow. {target.environment} keeps what it runs until
        somebody executes the promotion.
      </p>
      {create.error ? <ErrorLine error={create.error} /> : null}
      <DialogFooter>
        <Button type="submit" look="primary" pending={create.isPending}>
          <ListChecks aria-hidden className="size-4" /> Ask for the promotion
        </Button>
      </DialogFooter>
    </form>
  )
}
