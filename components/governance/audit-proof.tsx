import { Download } from 'lucide-react'
import type { z } from 'zod'
import { Button } from '@/components/ui/button'
import { formatCount, formatUtc } from '@/components/ui/format'
import { type AuditDetail, opsAuditInclusion } from '@/lib/governance/contract'
import { urlOf } from '@/lib/shared/api-client'
import { ProofBadge, SealBadge } from './proof-badge'

type Detail = z.infer<typeof AuditDetail>

const provenText = (proven: boolean): string =>
  proven
    ? 'Its inclusion proof was checked against the current root just now.'
    : 'Its inclusion proof does not lead to the current root. Verify the whole log.'

const sealedText = (seal: Detail['sealed_by']): string =>
  seal
    ? `The checkpoint over ${formatCount(seal.size)} events, signed ${formatUtc(seal.created_at)}, covers it.`
    : 'The next signed checkpoint will cover it.'

export const AuditProof = ({ detail }: { detail: Detail }) => (
  <div className="grid gap-2.5 rounded-md border border-line bg-sunken p-3">
    <ul className="grid gap-2 text-ink-soft text-meta">
      <li className="grid grid-cols-[112px_1fr] items-start gap-2">
        <ProofBadge proven={detail.proven} />
        <span className="pt-0.5">{provenText(detail.proven)}</span>
      </li>
      <li className="grid grid-cols-[112px_1fr] items-start gap-2">
        <SealBadge sealed={detail.sealed_by !== null} />
        <span className="pt-0.5">{sealedText(detail.sealed_by)}</span>
      </li>
    </ul>
    <Button asChild size="small" className="justify-self-start">
      <a
        href={urlOf(opsAuditInclusion, { params: { seq: detail.entry.seq } })}
        download={`proof-${detail.entry.tenant_id}-${detail.entry.seq}.json`}
      >
        <Download aria-hidden className="size-3.5" /> Inclusion proof
      </a>
    </Button>
  </div>
)
