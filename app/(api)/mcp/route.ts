import { route } from '@/lib/http/route'
import { serve } from '@/lib/mcp-server'
import { serveMcp } from '@/lib/mcp-server/contract'

export const POST = route(serveMcp, (scope, { body, request }) => serve(scope, body, request))
