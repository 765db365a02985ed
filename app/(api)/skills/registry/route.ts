import { route } from '@/lib/http/route'
import { listRegistry as list } from '@/lib/skills'
import { listRegistry } from '@/lib/skills/contract'

export const GET = route(listRegistry, (scope, { query }) => list(scope, query))
