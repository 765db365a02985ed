import { getTool } from '@/lib/adapters'
import { getTool as getToolContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const GET = route(getToolContract, (scope, { params }) => getTool(scope, params.name))
