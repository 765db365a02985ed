import { route } from '@/lib/http/route'
import { send as act } from '@/lib/runtime'
import { send } from '@/lib/runtime/contract'

export const POST = route(send, (scope, { body }) => act(scope, body))
