import { route } from '@/lib/http/route'
import { showContext as show } from '@/lib/workspace'
import { opsShowContext } from '@/lib/workspace/contract'

export const GET = route(opsShowContext, (scope, { query }) => show(scope, query))
