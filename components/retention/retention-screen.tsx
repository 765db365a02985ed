'use client'

import { Gavel, Play } from 'lucide-react'
import { useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { useMay } from '@/components/shell/viewer'
import { QueryView } from '@/components/states/query-view'
import { Button } from '@/components/ui/button'
import type { RetentionView } from '@/lib/retention/contract'
import { CertificatesCard } from './certificates-card'
import { EnforceDialog } from './enforce-dialog'
import { EraseCard } from './erase-card'
import { HoldCard } from './hold-card'
import { PolicyCard } from './policy-card'
import { RetentionSkeleton } from './retention-skeleton'
import { RETENTION_TEXT, sayRules } from './retention-words'
import { useRetention } from './use-retention'

export const RetentionScreen = () => {
  const query = useRetention()
  const mayChange = useMay('retention:modify')
  return (
    <>
      <PageHeader title="Retention" text={RETENTION_TEXT}>
        {mayChange && query.data ? <EnforceButton view={query.data} /> : null}
      </PageHeader>
      <QueryView
        query={query}
        what="The retention policy"
        stillWorks="Passes go on by themselves."
        skeleton={<RetentionSkeleton />}
      >
        {(view) => <Parts view={view} mayChange={mayChange} />}
      </QueryView>
    </>
  )
}

const EnforceButton = ({ view }: { view: RetentionView }) => {
  const [open, setOpen] = useState(false)
  if (view.rules.legal_hold) return null
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Play aria-hidden className="size-3.5" /> Apply now…
      </Button>
      <EnforceDialog view={view} open={open} onOpenChange={setOpen} />
    </>
  )
}

const Parts = ({ view, mayChange }: { view: RetentionView; mayChange: boolean }) => (
  <div className="grid gap-4">
    <RulesStrip view={view} />
    <div className="grid items-start gap-4 rail:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="grid min-w-0 gap-4">
        <PolicyCard view={view} />
        <CertificatesCard />
      </div>
      <div className="grid min-w-0 gap-4">
        <HoldCard view={view} />
        {mayChange ? <EraseCard view={view} /> : null}
      </div>
    </div>
  </div>
)

const RulesStrip = ({ view: { rules } }: { view: RetentionView }) =>
  rules.legal_hold ? (
    <p role="status" className="flex items-center gap-2 rounded-md bg-warn-soft px-4 py-2.5 text-table text-warn">
      <Gavel aria-hidden className="size-4 shrink-0" /> A legal hold stands: nothing is deleted or reduced.
    </p>
  ) : (
    <p className="rounded-md border border-line bg-surface px-4 py-2.5 text-ink text-table">{sayRules(rules)}</p>
  )
