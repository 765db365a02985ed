import { route } from '@/lib/http/route'
import { promoteEnvironment } from '@/lib/promotion'
import { opsPromoteEnvironment } from '@/lib/promotion/contract'

export const POST = route(opsPromoteEnvironment, (scope, { body }) => promoteEnvironment(scope, body))
