'use client'

import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { ErrorLine } from '@/components/states/error-state'
import { auditHref } from '@/components/ui/audit-href'
import { Button } from '@/components/ui/button'
import { Dialog, DialogFooter } from '@/components/ui/dialog'
import { Check, Field } from '@/components/ui/field'
import { fieldErrors } from '@/components/ui/problem-fields'
import { Select } from '@/components/ui/select'
import { notifyDone } from '@/components/ui/toast'
import type { BreakGlassView, BreakGlassWish } from '@/lib/governance/contract'
import { useOpenWindow } from './use-receipts'
import { useWhy, WhyFields } from './why-fields'

type BreakGlassDialogProps = { view: BreakGlassView; open: boolean; onOpenChange: (open: boolean) => void }
type Permission = BreakGlassWish['permissions'][number]

const MINUTES = [10, 30, 60].map((minutes) => ({ value: String(minutes), label: `${minutes} minutes` }))

export const BreakGlassDialog = ({ view, open, onOpenChange }: BreakGlassDialogProps) => (
  <Dialog
    open={open}
    onOpenChange={onOpenChange}
    title="Break the glass"
    description="You hold what you name for some minutes. All administrators are told now, everything you do carries the window, and a second person has to acknowledge it within a day."
  >
    <BreakGlassForm view={view} close={() => onOpenChange(false)} />
  </Dialog>
)

const useWish = () => {
  const [permissions, setPermissions] = useState<readonly Permission[]>([])
  const [minutes, setMinutes] = useState('10')
  const toggle = (permission: Permission, isOn: boolean) =>
    setPermissions((held) => (isOn ? [...held, permission] : held.filter((one) => one !== permission)))
  return { permissions, minutes, setMinutes, toggle }
}

const BreakGlassForm = ({ view, close }: { view: BreakGlassView; close: () => void }) => {
  const router = useRouter()
  const wish = useWish()
  const why = useWhy()
  const opening = useOpenWindow()
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const reason = { reason_code: why.code, justification: why.text }
    const body = { permissions: [...wish.permissions], minutes: Number(wish.minutes), ...reason }
    const answer = await opening.mutateAsync({ body }).catch(() => null)
    if (!answer) return
    notifyDone({ text: 'The window is open', auditHref: auditHref(answer.requestId) })
    close()
    router.refresh()
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="grid gap-4">
      <Permissions view={view} wish={wish} error={fieldErrors(opening.error)['permissions']} />
      <Field label="For how long">
        {(wiring) => (
          <Select
            {...wiring}
            className="w-full"
            options={MINUTES}
            value={wish.minutes}
            onChange={(event) => wish.setMinutes(event.target.value)}
          />
        )}
      </Field>
      <WhyFields why={why} error={opening.error} />
      {opening.error ? <ErrorLine error={opening.error} /> : null}
      <DialogFooter>
        <Button onClick={close}>Cancel</Button>
        <Button
          type="submit"
          look="danger"
          disabled={!why.isReady || wish.permissions.length === 0}
          pending={opening.isPending}
        >
          Break the glass
        </Button>
      </DialogFooter>
    </form>
  )
}

type PermissionsProps = { view: BreakGlassView; wish: ReturnType<typeof useWish>; error: string | undefined }

const Permissions = ({ view, wish, error }: PermissionsProps) => (
  <fieldset className="grid gap-2">
    <legend className="mb-1.5 font-medium text-ink text-table">What you need</legend>
    {view.openable.map(({ permission, means }) => (
      <Check
        key={permission}
        label={permission}
        hint={means}
        checked={wish.permissions.includes(permission)}
        onChange={(event) => wish.toggle(permission, event.target.checked)}
      />
    ))}
    {error ? <p className="text-bad text-meta">{error}</p> : null}
    <p className="text-ink-muted text-meta">
      Never opened: {view.never.map(({ permission }) => permission).join(', ')}.
    </p>
  </fieldset>
)
