import { route } from '@/lib/http/route'
import { cancelRun as act } from '@/lib/runtime'
import { cancelRun } from '@/lib/runtime/contract'

export const POST = route(cancelRun, (scope, { params }) => act(scope, params.id))
