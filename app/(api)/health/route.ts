import { route } from '@/lib/http/route'
import { health } from '@/lib/jobs'
import { getHealth } from '@/lib/jobs/contract/health'

export const GET = route(getHealth, (visit, { query, request }) => health(visit, request, query))
