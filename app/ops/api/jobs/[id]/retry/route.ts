import { route } from '@/lib/http/route'
import { retryJob } from '@/lib/jobs'
import { opsRetryJob } from '@/lib/jobs/contract'

export const POST = route(opsRetryJob, (scope, { params }) => retryJob(scope, params.id))
