import { previewRedactionOf } from '@/lib/governance'
import { previewRedaction } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(previewRedaction, (scope, { body }) => previewRedactionOf(scope, body))
