'use client'

import { useState } from 'react'
import { useMay, useMaySeeTexts } from '@/components/shell/viewer'
import { Button } from '@/components/ui/button'
import { RevealDialog } from './reveal-dialog'

// For whoever holds the right by a window: texts come for a reason, one trace at a time.
export const RevealButton = ({ id }: { id: string }) => {
  const holds = useMay('trace:reveal')
  const justReads = useMaySeeTexts()
  const [open, setOpen] = useState(false)
  if (!holds || justReads) return null
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        Say why and show
      </Button>
      <RevealDialog id={id} open={open} onOpenChange={setOpen} />
    </>
  )
}
