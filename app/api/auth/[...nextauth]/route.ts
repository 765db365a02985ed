import { nextAuthRoute } from '@/lib/auth'
import { nextAuthGet, nextAuthPost } from '@/lib/auth/contract'
import { route } from '@/lib/http/route'

export const GET = route(nextAuthGet, (visit, { params, request }) => nextAuthRoute(request, visit, params.nextauth))
export const POST = route(nextAuthPost, (visit, { params, body, request }) =>
  nextAuthRoute(request, visit, params.nextauth, body),
)
