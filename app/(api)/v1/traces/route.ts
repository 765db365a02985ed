import { route } from '@/lib/http/route'
import { receiveTraces as act, statusReply } from '@/lib/otlp'
import { receiveTraces } from '@/lib/otlp/contract'

export const POST = route(receiveTraces, (scope, { request }) => act(scope, request, receiveTraces.path), statusReply)
