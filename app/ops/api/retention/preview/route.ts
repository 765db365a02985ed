import { route } from '@/lib/http/route'
import { previewPolicy } from '@/lib/retention'
import { opsPreviewRetention } from '@/lib/retention/contract'

export const GET = route(opsPreviewRetention, (scope, { query }) => previewPolicy(scope, query))
