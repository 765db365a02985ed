import { route } from '@/lib/http/route'
import { discardJob } from '@/lib/jobs'
import { opsDiscardJob } from '@/lib/jobs/contract'

export const POST = route(opsDiscardJob, (scope, { params }) => discardJob(scope, params.id))
