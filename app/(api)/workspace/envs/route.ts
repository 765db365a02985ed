import { route } from '@/lib/http/route'
import { listEnvironments as list, saveEnvironment as save } from '@/lib/workspace'
import { listEnvironments, saveEnvironment } from '@/lib/workspace/contract/environments'

export const GET = route(listEnvironments, (scope, { query }) => list(scope, query))

export const POST = route(saveEnvironment, (scope, { body }) => save(scope, body))
