import { signOut } from '@/lib/auth'
import { opsLogout } from '@/lib/auth/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsLogout, (visit, { request }) => signOut(request, visit))
