import type { z } from 'zod'
import { type Call, callBackend } from './call'

// On whose behalf the backend is asked.
export type Ask = {
  tenantId: string
  userId: string
  role: string
  workspaceId: string
  traceId: string
  token: string
  signal: AbortSignal
}

type Asked<S extends z.ZodType> = Omit<Call<S>, 'headers' | 'signal' | 'tenantId'> & { signal?: AbortSignal }

export const callFor = <S extends z.ZodType>(ask: Ask, call: Asked<S>): Promise<z.output<S>> =>
  callBackend({
    ...call,
    tenantId: ask.tenantId,
    signal: call.signal ?? ask.signal,
    headers: { 'x-agent-token': ask.token, 'x-trace-id': ask.traceId },
  })

// What a tool learns of the run that calls it.
export const callToolFor = <S extends z.ZodType>(ask: Ask, call: Asked<S>): Promise<z.output<S>> =>
  callBackend({
    ...call,
    tenantId: ask.tenantId,
    signal: call.signal ?? ask.signal,
    headers: {
      'x-agent-token': ask.token,
      'x-tenant-id': ask.tenantId,
      'x-workspace-id': ask.workspaceId,
      'x-trace-id': ask.traceId,
    },
  })
