import { issueAdapterToken } from '@/lib/adapters'
import { issueAdapterToken as issueAdapterTokenContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(issueAdapterTokenContract, (scope, { body }) => issueAdapterToken(scope, body))
