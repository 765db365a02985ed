import { enableAdapter } from '@/lib/adapters'
import { opsEnableAdapter } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsEnableAdapter, (scope, { body }) => enableAdapter(scope, body))
