'use client'

import { useMutation } from '@tanstack/react-query'
import { PackageCheck, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { Filters } from '@/components/table/use-filters'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { saveFile } from '@/components/ui/save-file'
import { notifyDone, notifyFailed } from '@/components/ui/toast'
import { opsExport } from '@/lib/governance/contract'
import { send } from '@/lib/shared/api-client'
import { useVerify } from './use-audit'
import { VerificationView } from './verification-view'

const useExport = (filters: Filters) =>
  useMutation({
    mutationFn: async () => {
      const { start_date, end_date } = filters.wire
      const body = { ...(start_date ? { start_date } : {}), ...(end_date ? { end_date } : {}) }
      return saveFile(await send(opsExport, { body }), 'audit-export.tar.gz')
    },
    onSuccess: (name) =>
      notifyDone({ text: 'Export bundle saved', detail: `${name} · clasper audit verify checks it offline` }),
    onError: (error) => notifyFailed({ text: 'The export failed', detail: error.message }),
  })

export const AuditActions = ({ filters }: { filters: Filters }) => {
  const [open, setOpen] = useState(false)
  const verify = useVerify()
  const exporting = useExport(filters)
  const start = () => {
    setOpen(true)
    verify.mutate({ body: {} })
  }
  return (
    <>
      <Button onClick={() => exporting.mutate()} pending={exporting.isPending}>
        {exporting.isPending ? null : <PackageCheck aria-hidden className="size-4" strokeWidth={1.75} />}
        Export bundle
      </Button>
      <Button look="primary" onClick={start} pending={verify.isPending}>
        {verify.isPending ? null : <ShieldCheck aria-hidden className="size-4" strokeWidth={1.75} />}
        Verify now
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Verification"
        description="Every event is hashed again and compared with the tree and with each signed checkpoint."
      >
        <VerificationView verify={verify} onAgain={start} />
      </Dialog>
    </>
  )
}
