import { ingestMetrics } from '@/lib/adapters'
import { ingestMetrics as ingestMetricsContract } from '@/lib/adapters/contract'
import { route } from '@/lib/http/route'

export const POST = route(ingestMetricsContract, (scope, { body }) => ingestMetrics(scope, body))
