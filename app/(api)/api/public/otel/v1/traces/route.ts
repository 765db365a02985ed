import { route } from '@/lib/http/route'
import { receiveTraces as act, statusReply } from '@/lib/otlp'
import { receiveLangfuseTraces } from '@/lib/otlp/contract'

export const POST = route(
  receiveLangfuseTraces,
  (scope, { request }) => act(scope, request, receiveLangfuseTraces.path),
  statusReply,
)
