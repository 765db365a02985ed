import { route } from '@/lib/http/route'
import { prometheusText } from '@/lib/jobs'
import { getMetrics } from '@/lib/jobs/contract'

export const GET = route(getMetrics, () => prometheusText())
