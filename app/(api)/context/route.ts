import { route } from '@/lib/http/route'
import { showContext as show } from '@/lib/workspace'
import { showContext } from '@/lib/workspace/contract'

export const GET = route(showContext, (scope, { query }) => show(scope, query))
