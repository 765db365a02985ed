import { route } from '@/lib/http/route'
import { listAnnotations } from '@/lib/tracing'
import { opsListAnnotations } from '@/lib/tracing/contract'

export const GET = route(opsListAnnotations, (scope, { params }) => listAnnotations(scope, params.id))
