import { registerAdapter } from '@/lib/adapters'
import { registerAdapter as registerAdapterContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(registerAdapterContract, (scope, { body }) => registerAdapter(scope, body))
