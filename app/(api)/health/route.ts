import { route } from '@/lib/http/route'
import { health } from '@/lib/jobs'
import { getHealth } from '@/lib/jobs/contract'

export const GET = route(getHealth, (visit, { request }) => health(visit, request))
