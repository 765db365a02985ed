import { whoAmI } from '@/lib/auth'
import { whoAmI as whoAmIContract } from '@/lib/auth/contract'
import { route } from '@/lib/http/route'

export const GET = route(whoAmIContract, (scope) => whoAmI(scope))
