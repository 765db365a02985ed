import { route } from '@/lib/http/route'
import { opsListRegistry as list } from '@/lib/skills'
import { opsListRegistry } from '@/lib/skills/contract'

export const GET = route(opsListRegistry, (scope, { query }) => list(scope, query))
