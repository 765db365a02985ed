'use client'

import { useMutation } from '@tanstack/react-query'
import { notifyFailed } from '@/components/ui/toast'
import { opsSwitchTenant } from '@/lib/auth/contract'
import { mutationFor } from '@/lib/shared/query'

// Everything on screen belongs to the old tenant, so the page starts anew instead of patching itself.
export const useSwitchTenant = () => {
  const mutation = useMutation({
    ...mutationFor(opsSwitchTenant),
    onSuccess: async () => location.assign('/ops'),
    onError: (error) => notifyFailed({ text: 'The tenant was not switched', detail: error.message }),
  })
  return { pending: mutation.isPending, switchTo: (tenant: string) => mutation.mutate({ body: { tenant_id: tenant } }) }
}
