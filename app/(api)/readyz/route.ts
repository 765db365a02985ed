import { route } from '@/lib/http/route'
import { readiness } from '@/lib/jobs'
import { getReady } from '@/lib/jobs/contract'

export const GET = route(getReady, () => readiness())
