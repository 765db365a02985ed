'use client'

import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { needsRole } from '@/components/shell/role-names'
import { useMay } from '@/components/shell/viewer'
import { EmptyState } from '@/components/states/empty-state'
import { QueryView } from '@/components/states/query-view'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { CopyId } from '@/components/ui/copy-id'
import { RelativeTime } from '@/components/ui/relative-time'
import { Skeleton } from '@/components/ui/skeleton'
import { rolesWith } from '@/lib/shared/rbac'
import { SignerAddDialog, SignerRevokeDialog } from './signer-dialogs'
import { SkillTabs } from './skill-tabs'
import { personOf } from './skill-words'
import { type Signer, useSigners } from './use-skills'

export const SignersPanel = () => (
  <section aria-label="Signers" className="rounded-md border border-line bg-surface">
    <SkillTabs view="signers" />
    <QueryView query={useSigners()} what="The signers" skeleton={<Skeleton className="m-4 h-32" />}>
      {({ signers, is_required: isRequired }) => (
        <div className="grid gap-3 p-4">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="max-w-[80ch] text-ink-soft text-table">
              A skill that one of these keys signed is believed. {isRequired ? <Required /> : null}
              {isRequired ? '' : 'Skills without a signature run as well here.'}
            </p>
            <AddSigner />
          </div>
          {signers.length === 0 ? <Nobody /> : null}
          <ul className="divide-y divide-line rounded-md border border-line empty:hidden">
            {signers.map((signer) => (
              <SignerLine key={signer.id} signer={signer} />
            ))}
          </ul>
        </div>
      )}
    </QueryView>
  </section>
)

const Required = () => <strong className="font-medium">Without a signature nothing is published or run here.</strong>

const Nobody = () => (
  <EmptyState
    icon={KeyRound}
    title="Nobody signs skills yet"
    text="A signer is an Ed25519 key. Its owner signs while publishing, and whoever changes a skill on the way is found out:"
    command={{ label: 'Publish and sign', code: 'clasper skill publish ./my-skill --key signer.pem' }}
  />
)

const AddSigner = () => {
  const [open, setOpen] = useState(false)
  if (!useMay('skill:promote'))
    return (
      <p className="text-ink-muted text-table">
        To add or revoke signers one needs to be {needsRole(rolesWith('skill:promote'))}.
      </p>
    )
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <KeyRound aria-hidden className="size-4" /> Add a signer…
      </Button>
      <SignerAddDialog open={open} onOpenChange={setOpen} />
    </>
  )
}

const SignerLine = ({ signer }: { signer: Signer }) => {
  const [open, setOpen] = useState(false)
  const mayRevoke = useMay('skill:promote') && signer.revoked_at === null
  return (
    <li className="grid gap-1 px-3 py-2 text-table">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={signer.revoked_at === null ? 'ok' : 'system'}>
          {signer.revoked_at === null ? 'Believed' : 'Revoked'}
        </Badge>
        <span className="min-w-0 grow break-words font-medium">{signer.name}</span>
        {mayRevoke ? (
          <Button size="small" look="danger" onClick={() => setOpen(true)}>
            Revoke…
          </Button>
        ) : null}
      </div>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-ink-muted text-meta">
        <CopyId id={signer.id} what="key id" full />
        <CopyId id={signer.public_key} what="public key" />
        <span>
          added by {personOf(signer.added_by)} <RelativeTime iso={signer.added_at} />
        </span>
        {signer.revoked_at ? (
          <span>
            revoked <RelativeTime iso={signer.revoked_at} />
          </span>
        ) : null}
      </p>
      <SignerRevokeDialog signer={signer} open={open} onOpenChange={setOpen} />
    </li>
  )
}
