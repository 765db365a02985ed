import { route } from '@/lib/http/route'
import { listAnnotations as act } from '@/lib/tracing'
import { listAnnotations } from '@/lib/tracing/contract'

export const GET = route(listAnnotations, (scope, { params }) => act(scope, params.id))
