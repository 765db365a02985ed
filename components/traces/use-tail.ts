'use client'

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useNews } from '@/components/shell/live-news'
import type { Filters } from '@/components/table/use-filters'
import { keyOf, queryFor } from '@/lib/shared/query'
import { type OpsTracePage, opsListTraces, type TraceSummary } from '@/lib/tracing/contract'
import { TAIL } from './use-traces'

// A run that ends tells of itself and writes to the audit log; either is a reason to look.
const TOPICS = ['trace.completed', 'trace.started', 'audit.appended', 'stream.reset']
const CALM_MS = 1_000
const FIXED = ['cursor', 'offset', 'q', 'end_date', 'trace_id']

export type Tail = {
  // Can this list grow at its top at all?
  isPossible: boolean
  isOn: boolean
  toggle: () => void
  fresh: number
  isMore: boolean
  traces: readonly TraceSummary[]
  show: () => void
}

type Page = { data: OpsTracePage | undefined; dataUpdatedAt: number }

const isNew = (trace: TraceSummary, page: OpsTracePage, known: ReadonlySet<string>): boolean => {
  const oldest = page.traces.at(-1)?.started_at
  return !known.has(trace.id) && (!page.has_more || oldest === undefined || trace.started_at >= oldest)
}

const useCalmly = (act: () => void): (() => void) => {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      act()
    }, CALM_MS)
  }
}

// The newest page is read beside the shown one: rows that are shown take over what changed, new ones wait until
// somebody asks for them.
export const useTail = (filters: Filters, { data: page, dataUpdatedAt: pageAt }: Page): Tail => {
  const client = useQueryClient()
  const [isOn, setOn] = useState(true)
  const input = { query: filters.wire }
  const isPossible = FIXED.every((name) => filters.wire[name] === undefined)
  const {
    data: head,
    dataUpdatedAt: headAt,
    refetch,
  } = useQuery({
    queryKey: [TAIL, ...keyOf(opsListTraces, input)],
    queryFn: queryFor(opsListTraces, input).queryFn,
    enabled: false,
  })
  const look = useCalmly(() => void refetch())
  useNews((news) => {
    if (isOn && isPossible && page && TOPICS.includes(news.topic)) look()
  })
  const shown = page?.traces ?? []
  const known = new Set(shown.map((trace) => trace.id))
  const latest = new Map(isPossible && headAt >= pageAt ? head?.traces.map((trace) => [trace.id, trace]) : [])
  const fresh = page && isPossible ? (head?.traces ?? []).filter((trace) => isNew(trace, page, known)).length : 0
  const show = () => head && client.setQueryData(keyOf(opsListTraces, input), head)
  const isFirstEver = fresh > 0 && shown.length === 0
  useEffect(() => {
    if (isFirstEver && head) client.setQueryData(keyOf(opsListTraces, { query: filters.wire }), head)
  }, [isFirstEver, head, client, filters.wire])
  return {
    isPossible,
    isOn,
    toggle: () => setOn(!isOn),
    fresh: isFirstEver ? 0 : fresh,
    isMore: fresh > 0 && fresh === head?.traces.length,
    traces: shown.map((trace) => latest.get(trace.id) ?? trace),
    show,
  }
}
