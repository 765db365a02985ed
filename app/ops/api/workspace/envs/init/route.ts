import { route } from '@/lib/http/route'
import { initEnvironments as initialise } from '@/lib/workspace'
import { opsInitEnvironments } from '@/lib/workspace/contract/environments'

export const POST = route(opsInitEnvironments, (scope, { body }) => initialise(scope, body))
