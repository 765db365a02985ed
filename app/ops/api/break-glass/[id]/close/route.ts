import { closeBreakGlass } from '@/lib/governance'
import { opsCloseBreakGlass } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsCloseBreakGlass, (scope, { params }) => closeBreakGlass(scope, params.id))
