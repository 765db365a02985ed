import { route } from '@/lib/http/route'
import { cancelRun } from '@/lib/runtime'
import { opsCancelRun } from '@/lib/runtime/contract'

export const POST = route(opsCancelRun, (scope, { params }) => cancelRun(scope, params.id))
