'use client'

import { useState } from 'react'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { isPermission, PERMISSIONS, type Permission } from '@/lib/shared/rbac'
import { Verdict } from './verdict'

type ExplainDialogProps = { open: boolean; onOpenChange: (open: boolean) => void }

const OPTIONS = Object.keys(PERMISSIONS)
  .filter(isPermission)
  .map((permission) => ({ value: permission, label: PERMISSIONS[permission].means }))

export const ExplainDialog = ({ open, onOpenChange }: ExplainDialogProps) => {
  const [permission, setPermission] = useState<Permission>('key:manage')
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Why can I not…?"
      description="The server walks through its own checks, step by step."
    >
      <div className="grid gap-4">
        <Field label="What you want to do">
          {(wiring) => (
            <Select
              {...wiring}
              options={OPTIONS}
              value={permission}
              onChange={(event) => isPermission(event.target.value) && setPermission(event.target.value)}
            />
          )}
        </Field>
        <Verdict permission={permission} />
      </div>
    </Dialog>
  )
}
