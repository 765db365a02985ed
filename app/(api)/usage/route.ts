import { usage as act } from '@/lib/governance'
import { usage } from '@/lib/governance/contract/usage'
import { route } from '@/lib/http/route'

export const GET = route(usage, (scope, { query }) => act(scope, query))
