import { route } from '@/lib/http/route'
import { listJobs } from '@/lib/jobs'
import { opsListJobs } from '@/lib/jobs/contract'

export const GET = route(opsListJobs, (scope, { query }) => listJobs(scope, query))
