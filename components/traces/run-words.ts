import type { Trace } from '@/lib/tracing/contract'

const STOPS: Readonly<Record<string, string>> = {
  completed: 'Completed',
  step_limit: 'Step limit reached',
  budget: 'Budget used up',
  cancelled: 'Cancelled',
  approval_required: 'Waits for an approval',
}

export const stopWords = (reason: string): string => STOPS[reason] ?? reason

const DELIVERIES: Record<Trace['delivery'], string> = {
  posted: 'Posted to the backend',
  pending: 'Waits to be posted',
  suppressed: 'Suppressed, nothing posted',
  none: 'Nothing posted',
  refused: 'Refused by the backend',
}

export const deliveryWords = (delivery: Trace['delivery']): string => DELIVERIES[delivery]

const KINDS: Readonly<Record<string, string>> = {
  send: 'Message',
  stream: 'Streamed message',
  compact: 'Compaction',
  llm_task: 'Single question',
}

export const kindWords = (kind: string): string => KINDS[kind] ?? kind
