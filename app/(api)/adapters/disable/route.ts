import { disableAdapter } from '@/lib/adapters'
import { disableAdapter as disableAdapterContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(disableAdapterContract, (scope, { body }) => disableAdapter(scope, body))
