import { me } from '@/lib/auth'
import { opsMe } from '@/lib/auth/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsMe, (scope) => me(scope))
