'use client'

import { Eraser } from 'lucide-react'
import { useState } from 'react'
import type { z } from 'zod'
import { useMay } from '@/components/shell/viewer'
import { Button } from '@/components/ui/button'
import { CodeBlock } from '@/components/ui/code-block'
import { RelativeTime } from '@/components/ui/relative-time'
import type { AuditDetail } from '@/lib/governance/contract'
import { EraseDialog } from './erase-dialog'

type Detail = z.infer<typeof AuditDetail>

export const AuditPayload = ({ detail }: { detail: Detail }) => {
  const { entry } = detail
  const [erasing, setErasing] = useState(false)
  const mayErase = useMay('retention:modify')
  if (entry.event_data === null) return <Gone erasedAt={entry.erased_at} />
  return (
    <div className="grid gap-3">
      <CodeBlock label="JSON" code={JSON.stringify(entry.event_data, null, 2)} />
      {mayErase ? (
        <Button look="danger" size="small" className="justify-self-start" onClick={() => setErasing(true)}>
          <Eraser aria-hidden className="size-3.5" /> Erase payload
        </Button>
      ) : null}
      <EraseDialog seq={entry.seq} open={erasing} onOpenChange={setErasing} />
    </div>
  )
}

const Gone = ({ erasedAt }: { erasedAt: string | null }) => (
  <p className="rounded-md border border-line border-dashed bg-sunken px-3 py-4 text-center text-ink-muted text-table">
    {erasedAt ? (
      <>
        The payload was erased <RelativeTime iso={erasedAt} />. The event and its proof remain.
      </>
    ) : (
      'This event carries no payload.'
    )}
  </p>
)
