import { route } from '@/lib/http/route'
import { liveEvents } from '@/lib/jobs'
import { opsEvents } from '@/lib/jobs/contract'

export const GET = route(opsEvents, (scope, { request }) => liveEvents(scope, request))
