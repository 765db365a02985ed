import { route } from '@/lib/http/route'
import { playground as act } from '@/lib/runtime'
import { opsPlayground } from '@/lib/runtime/contract'

export const GET = route(opsPlayground, (scope, { query }) => act(scope, query))
