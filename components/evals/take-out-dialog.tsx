'use client'

import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { formatCount } from '@/components/ui/format'
import { notifyDone } from '@/components/ui/toast'
import type { Dataset } from '@/lib/evals/contract'
import { SaveFaults } from './save-faults'
import type { StoredCase } from './use-dataset-place'
import { useSaveDataset } from './use-datasets'

type TakeOutProps = { dataset: Dataset; rows: StoredCase[]; clear: () => void }

export const TakeOut = ({ dataset, rows, clear }: TakeOutProps) => {
  const [open, setOpen] = useState(false)
  const save = useSaveDataset()
  const many = rows.length === 1 ? 'One case' : `${formatCount(rows.length)} cases`
  const remove = async () => {
    const ids = rows.map(({ id }) => id)
    const body = { name: dataset.name, mode: 'remove' as const, ids, expected_version: dataset.version }
    const answer = await save.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    notifyDone({ text: `${many} less in v${answer.data.dataset.version}`, auditHref: auditHref(answer.requestId) })
    setOpen(false)
    clear()
  }
  return (
    <>
      <span className="font-medium">{rows.length} selected</span>
      <Button size="small" look="danger" onClick={() => setOpen(true)}>
        <Trash2 aria-hidden className="size-3.5" /> Take out…
      </Button>
      <Button size="small" look="quiet" onClick={clear}>
        Clear
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={`Take ${many.toLowerCase()} out`}
        description={`The next version of ${dataset.name} is without them. The versions before keep them, and so do their evaluations.`}
      >
        {save.error ? <SaveFaults error={save.error} /> : null}
        <DialogFooter>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button look="danger" pending={save.isPending} onClick={() => void remove()}>
            Take them out
          </Button>
        </DialogFooter>
      </Dialog>
    </>
  )
}
