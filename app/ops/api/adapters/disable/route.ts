import { disableAdapter } from '@/lib/adapters'
import { opsDisableAdapter } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsDisableAdapter, (scope, { body }) => disableAdapter(scope, body))
