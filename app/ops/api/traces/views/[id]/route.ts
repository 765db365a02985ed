import { route } from '@/lib/http/route'
import { changeView, removeView } from '@/lib/tracing'
import { opsChangeView, opsRemoveView } from '@/lib/tracing/contract'

export const PATCH = route(opsChangeView, (scope, { params, body }) => changeView(scope, params.id, body))
export const DELETE = route(opsRemoveView, (scope, { params }) => removeView(scope, params.id))
