import { route } from '@/lib/http/route'
import { listEnvironments as list, saveEnvironment as save } from '@/lib/workspace'
import { opsListEnvironments, opsSaveEnvironment } from '@/lib/workspace/contract/environments'

export const GET = route(opsListEnvironments, (scope, { query }) => list(scope, query))

export const POST = route(opsSaveEnvironment, (scope, { body }) => save(scope, body))
