import { route } from '@/lib/http/route'
import { receiveMetrics as act, statusReply } from '@/lib/otlp'
import { receiveMetrics } from '@/lib/otlp/contract'

export const POST = route(receiveMetrics, (scope, { request }) => act(scope, request, receiveMetrics.path), statusReply)
