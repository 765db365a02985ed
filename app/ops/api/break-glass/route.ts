import { openBreakGlass, showBreakGlass } from '@/lib/governance'
import { opsBreakGlass, opsOpenBreakGlass } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsBreakGlass, (scope) => showBreakGlass(scope))

export const POST = route(opsOpenBreakGlass, (scope, { body }) => openBreakGlass(scope, body))
