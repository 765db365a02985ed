'use client'

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import {
  opsAuditStats,
  opsBreakGlass,
  opsGetDecision,
  opsListAudit,
  opsListDecisions,
  opsListReceipts,
} from '@/lib/governance/contract'
import { LiveEvent, opsEvents, opsListJobs, opsOverview } from '@/lib/jobs/contract'
import { keyPrefixOf } from '@/lib/shared/query'
import { tellNews } from './live-news'

export type LiveState = 'connecting' | 'live' | 'paused' | 'offline'

const MAX_WAIT_MS = 30_000
const REFRESH_EVERY_MS = 2_000
const FOLLOWS = [
  ...[opsOverview, opsListAudit, opsAuditStats, opsListJobs, opsListReceipts, opsBreakGlass],
  ...[opsListDecisions, opsGetDecision],
]

const waitFor = (failures: number): number => Math.min(MAX_WAIT_MS, 1_000 * 2 ** failures) * (0.75 + Math.random() / 2)

const refresh = (client: QueryClient) => {
  for (const contract of FOLLOWS) void client.invalidateQueries({ queryKey: keyPrefixOf(contract) })
}

// A burst of events asks for one refresh, at its end.
const calmly = (act: () => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const schedule = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      act()
    }, REFRESH_EVERY_MS)
  }
  return { schedule, cancel: () => clearTimeout(timer) }
}

const newsIn = (message: MessageEvent<unknown>): LiveEvent | null => {
  try {
    return LiveEvent.safeParse(JSON.parse(String(message.data))).data ?? null
  } catch {
    return null
  }
}

const follow = (tell: (state: LiveState) => void, onEvent: () => void): (() => void) => {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  const connect = () => {
    tell(failures === 0 ? 'connecting' : 'offline')
    source = new EventSource(opsEvents.path)
    source.onopen = () => {
      failures = 0
      tell('live')
    }
    source.addEventListener('event', (message) => {
      const news = newsIn(message)
      if (news) tellNews(news)
      onEvent()
    })
    source.onerror = () => {
      source?.close()
      tell('offline')
      timer = setTimeout(connect, waitFor(failures++))
    }
  }
  connect()
  return () => {
    clearTimeout(timer)
    source?.close()
  }
}

// The one stream of the console: the shell holds it, pages read it by useLive and useNews.
export const useLiveStream = (): { state: LiveState; toggle: () => void } => {
  const client = useQueryClient()
  const [paused, setPaused] = useState(false)
  const [state, setState] = useState<LiveState>('connecting')
  useEffect(() => {
    if (paused) return
    const refresher = calmly(() => refresh(client))
    const stop = follow(setState, refresher.schedule)
    return () => {
      refresher.cancel()
      stop()
    }
  }, [client, paused])
  return { state: paused ? 'paused' : state, toggle: () => setPaused(!paused) }
}
