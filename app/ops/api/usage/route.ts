import { usage as act } from '@/lib/governance'
import { opsUsage } from '@/lib/governance/contract/usage'
import { route } from '@/lib/http/route'

export const GET = route(opsUsage, (scope, { query }) => act(scope, query))
