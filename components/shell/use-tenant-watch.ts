'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { opsMe } from '@/lib/auth/contract'
import { queryFor } from '@/lib/shared/query'

// The tenant belongs to the session, so another tab may switch it under this one.
export const useTenantWatch = (shown: string): void => {
  const { data } = useQuery({ ...queryFor(opsMe, {}), refetchOnWindowFocus: 'always' })
  useEffect(() => {
    if (data && data.active_tenant_id !== shown) location.assign('/ops')
  }, [data, shown])
}
