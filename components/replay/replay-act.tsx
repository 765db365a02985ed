'use client'

import { Repeat } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { ReplayForm } from './replay-form'

export const ReplayAct = ({ id }: { id: string }) => {
  const [open, setOpen] = useState(false)
  const [isRunning, setRunning] = useState(false)
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Repeat aria-hidden className="size-4" /> Replay
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        locked={isRunning}
        title="Run it again"
        description="The replay becomes a trace of its own, and is compared with this one."
        className="w-[min(620px,calc(100vw-24px))]"
      >
        <ReplayForm id={id} onRunning={setRunning} close={() => setOpen(false)} />
      </Dialog>
    </>
  )
}
