import { startSignIn } from '@/lib/auth'
import { opsSignInStart } from '@/lib/auth/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsSignInStart, (visit, { query, request }) => startSignIn(request, visit, query.callback))
