import { route } from '@/lib/http/route'
import { systemView } from '@/lib/jobs'
import { opsSystem } from '@/lib/jobs/contract'

export const GET = route(opsSystem, (scope) => systemView(scope))
