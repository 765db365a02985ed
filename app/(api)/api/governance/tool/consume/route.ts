import { consumeTool } from '@/lib/adapters'
import { consumeTool as consumeToolContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(consumeToolContract, (scope, { body }) => consumeTool(scope, body))
