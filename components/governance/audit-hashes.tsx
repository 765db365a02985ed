import type { z } from 'zod'
import { CopyId } from '@/components/ui/copy-id'
import { Facts } from '@/components/ui/facts'
import type { AuditDetail } from '@/lib/governance/contract'

const hash = (value: string | null, what: string) =>
  value ? <CopyId id={value} what={what} full /> : <span className="text-ink-muted">None: this is the first event</span>

export const AuditHashes = ({ detail }: { detail: z.infer<typeof AuditDetail> }) => (
  <Facts
    facts={[
      { name: 'Event', value: hash(detail.entry.event_hash, 'event hash') },
      { name: 'Previous', value: hash(detail.entry.prev_event_hash, 'previous hash') },
      { name: 'Leaf', value: hash(detail.entry.leaf_hash, 'leaf hash') },
      ...(detail.sealed_by
        ? [
            { name: 'Sealed root', value: hash(detail.sealed_by.root_hash, 'root hash') },
            { name: 'Signing key', value: hash(detail.sealed_by.key_id, 'key id') },
          ]
        : []),
    ]}
  />
)
