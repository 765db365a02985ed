import { route } from '@/lib/http/route'
import { receiveTraces as act, statusReply } from '@/lib/otlp'
import { receiveOtelTraces } from '@/lib/otlp/contract'

export const POST = route(
  receiveOtelTraces,
  (scope, { request }) => act(scope, request, receiveOtelTraces.path),
  statusReply,
)
