import { route } from '@/lib/http/route'
import { stream as act } from '@/lib/runtime'
import { stream } from '@/lib/runtime/contract'

export const POST = route(stream, (scope, { body }) => act(scope, body))
