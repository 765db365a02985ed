import { route } from '@/lib/http/route'
import { opsHealth as act } from '@/lib/jobs'
import { opsHealth } from '@/lib/jobs/contract/health'

export const GET = route(opsHealth, (scope, { query }) => act(scope, query))
