import { draftPolicy } from '@/lib/governance'
import { opsDraftPolicy as contract } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(contract, (scope, { body }) => draftPolicy(scope, body))
