import { route } from '@/lib/http/route'
import { tryOut as act } from '@/lib/runtime'
import { opsStream } from '@/lib/runtime/contract'

export const POST = route(opsStream, (scope, { body }) => act(scope, body))
