import { route } from '@/lib/http/route'
import { promoteEnvironment } from '@/lib/promotion'
import { promoteEnvironment as contract } from '@/lib/promotion/contract'

export const POST = route(contract, (scope, { body }) => promoteEnvironment(scope, body))
