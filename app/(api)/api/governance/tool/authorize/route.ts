import { authorizeTool } from '@/lib/adapters'
import { authorizeTool as authorizeToolContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(authorizeToolContract, (scope, { body }) => authorizeTool(scope, body))
