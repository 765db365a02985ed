import { route } from '@/lib/http/route'
import { receiveLogs as act, statusReply } from '@/lib/otlp'
import { receiveLogs } from '@/lib/otlp/contract'

export const POST = route(receiveLogs, (scope, { request }) => act(scope, request, receiveLogs.path), statusReply)
