import type { Scope } from '@/lib/core/scope'
import type { RunReply, SendBody } from './contract'
import { requestOf } from './request'
import { runAgent } from './run-agent'
import { SILENT } from './sink'
import { retell, streamRun } from './stream'

export const send = async (scope: Scope, body: SendBody) => {
  const known = scope.once?.known?.reply as RunReply | undefined
  if (known) return body.stream ? retell(known) : known
  const request = requestOf(scope, body, { kind: 'send', needsTask: true })
  return body.stream ? streamRun(scope, request) : runAgent(scope, request, SILENT)
}
