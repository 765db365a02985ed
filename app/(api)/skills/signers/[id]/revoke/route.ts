import { route } from '@/lib/http/route'
import { revokeSigner as revoke } from '@/lib/skills'
import { revokeSigner } from '@/lib/skills/contract'

export const POST = route(revokeSigner, (scope, { params }) => revoke(scope, params.id))
