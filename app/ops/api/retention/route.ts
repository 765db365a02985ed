import { route } from '@/lib/http/route'
import { showRetention } from '@/lib/retention'
import { opsShowRetention } from '@/lib/retention/contract'

export const GET = route(opsShowRetention, (scope) => showRetention(scope))
