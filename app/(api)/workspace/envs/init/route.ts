import { route } from '@/lib/http/route'
import { initEnvironments as initialise } from '@/lib/workspace'
import { initEnvironments } from '@/lib/workspace/contract/environments'

export const POST = route(initEnvironments, (scope, { body }) => initialise(scope, body))
