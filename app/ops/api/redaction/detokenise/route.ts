import { detokenise } from '@/lib/governance'
import { opsDetokenise } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsDetokenise, (scope, { body }) => detokenise(scope, body))
