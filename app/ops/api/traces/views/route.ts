import { route } from '@/lib/http/route'
import { listViews, saveView } from '@/lib/tracing'
import { opsListViews, opsSaveView } from '@/lib/tracing/contract'

export const GET = route(opsListViews, (scope, { query }) => listViews(scope, query.page))
export const POST = route(opsSaveView, (scope, { body }) => saveView(scope, body))
