import { getReceipt } from '@/lib/governance'
import { opsGetReceipt } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsGetReceipt, (scope, { params }) => getReceipt(scope, params.id))
