import { route } from '@/lib/http/route'
import { replayTrace as act, replayContext as show } from '@/lib/runtime'
import { replayContext, replayTrace } from '@/lib/runtime/contract'

export const GET = route(replayContext, (scope, { params }) => show(scope, params.id))

export const POST = route(replayTrace, (scope, { params, body }) => act(scope, params.id, body))
