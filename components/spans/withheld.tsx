'use client'

import { EyeOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { needsRole } from '@/components/shell/role-names'
import { rolesWith } from '@/lib/shared/rbac'

// Says what is not shown, why, and who may see it.
export const Withheld = ({ what, action }: { what: string; action?: ReactNode }) => (
  <div className="grid justify-items-center gap-2 rounded-md border border-line border-dashed bg-sunken px-4 py-6 text-center">
    <EyeOff aria-hidden className="size-5 text-ink-muted" />
    <p className="font-medium text-ink text-table">{what}</p>
    <p className="max-w-[56ch] text-ink-muted text-table">
      They may hold what people wrote in confidence. To see them one needs to be {needsRole(rolesWith('trace:reveal'))},
      and each look is audited; ask one with the id of this trace.
    </p>
    {action}
  </div>
)
