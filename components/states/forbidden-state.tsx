'use client'

import { Lock } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { placeAt } from '@/components/shell/places'
import { needsRole, roleName } from '@/components/shell/role-names'
import { Verdict } from '@/components/shell/verdict'
import { useViewer } from '@/components/shell/viewer'
import { Button } from '@/components/ui/button'
import { PERMISSIONS, rolesWith } from '@/lib/shared/rbac'

const lowerFirst = (text: string): string => `${text[0]?.toLowerCase() ?? ''}${text.slice(1)}`

export const ForbiddenState = () => {
  const { me } = useViewer()
  const place = placeAt(usePathname())
  const permission = place?.permission ?? null
  return (
    <div className="mx-auto grid max-w-lg justify-items-center gap-3 px-4 py-12 text-center">
      <span className="grid size-10 place-items-center rounded-md bg-warn-soft">
        <Lock aria-hidden className="size-5 text-warn" />
      </span>
      <h1 className="font-semibold text-ink text-title">
        {place && permission
          ? `To see ${place.name} you need to be ${needsRole(rolesWith(permission))}`
          : 'This is not open to you'}
      </h1>
      <p className="text-ink-muted text-prose">
        You are signed in as {roleName(me.user.role).toLowerCase()} in {me.active_tenant_id}.
        {permission ? ` The page needs the right to: ${lowerFirst(PERMISSIONS[permission].means)}.` : ''} Roles are
        given at your identity provider; ask whoever manages it.
      </p>
      {permission ? (
        <div className="w-full rounded-md border border-line bg-surface p-4">
          <Verdict permission={permission} />
        </div>
      ) : null}
      <Button asChild>
        <a href="/ops">To the overview</a>
      </Button>
    </div>
  )
}
