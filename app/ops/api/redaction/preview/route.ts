import { previewRedactionOf } from '@/lib/governance'
import { opsPreviewRedaction } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsPreviewRedaction, (scope, { body }) => previewRedactionOf(scope, body))
