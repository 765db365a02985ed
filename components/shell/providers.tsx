'use client'

import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { NuqsAdapter } from 'nuqs/adapters/next/app'
import { type ReactNode, useState } from 'react'
import { Toaster } from '@/components/ui/toast'
import { TooltipProvider } from '@/components/ui/tooltip'
import { isApiError } from '@/lib/shared/api-client'

const SIGNED_OUT = new Set(['missing_token', 'missing_credentials', 'signed_out'])

const leaveWhenSignedOut = (error: unknown) => {
  if (!isApiError(error) || !SIGNED_OUT.has(error.code)) return
  location.assign(`/ops/sign-in?callback_url=${encodeURIComponent(location.pathname + location.search)}`)
}

const isWorthAnotherTry = (failures: number, error: unknown): boolean =>
  failures < 2 && isApiError(error) && (error.code === 'network' || error.status >= 502)

const createClient = () =>
  new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: { staleTime: 5_000, retry: isWorthAnotherTry, refetchOnWindowFocus: true },
      mutations: { onError: leaveWhenSignedOut },
    },
  })

export const Providers = ({ children }: { children: ReactNode }) => {
  const [client] = useState(createClient)
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <TooltipProvider>
          {children}
          <Toaster />
        </TooltipProvider>
      </NuqsAdapter>
    </QueryClientProvider>
  )
}
