import 'server-only'

import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { kernel } from '@/lib/core/kernel'
import type { Contract, ReplyOf } from '@/lib/shared/contract'
import { isProblem } from '@/lib/shared/problem'
import { keyOf } from '@/lib/shared/query'

type PrefetchProps<C extends Contract> = {
  of: C
  input?: { query?: unknown; params?: unknown }
  load: () => Promise<ReplyOf<C>> | ReplyOf<C>
  children: ReactNode
}

const warn = (contract: Contract, error: unknown) => {
  if (!isProblem(error)) kernel().log.error('a page could not be filled ahead', { route: contract.path, error })
}

// What cannot be loaded ahead is asked for again by the browser, which then shows the error and its request id.
export const Prefetch = async <C extends Contract>({ of, input = {}, load, children }: PrefetchProps<C>) => {
  const client = new QueryClient()
  try {
    client.setQueryData(keyOf(of, input), of.reply?.parse(await load()))
  } catch (error) {
    warn(of, error)
  }
  return <HydrationBoundary state={dehydrate(client)}>{children}</HydrationBoundary>
}
