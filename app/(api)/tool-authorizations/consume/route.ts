import { consumeToolForService } from '@/lib/adapters'
import { consumeToolForService as consumeToolForServiceContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(consumeToolForServiceContract, (scope, { body }) => consumeToolForService(scope, body))
