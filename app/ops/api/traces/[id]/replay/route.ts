import { route } from '@/lib/http/route'
import { replayTrace as act, replayContext as show } from '@/lib/runtime'
import { opsReplayContext, opsReplayTrace } from '@/lib/runtime/contract'

export const GET = route(opsReplayContext, (scope, { params }) => show(scope, params.id))

export const POST = route(opsReplayTrace, (scope, { params, body }) => act(scope, params.id, body))
