import { route } from '@/lib/http/route'
import { getLive } from '@/lib/jobs/contract'

export const GET = route(getLive, () => ({ status: 'ok' as const }))
