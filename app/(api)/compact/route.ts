import { route } from '@/lib/http/route'
import { compact as act } from '@/lib/runtime'
import { compact } from '@/lib/runtime/contract'

export const POST = route(compact, (scope, { body }) => act(scope, body))
