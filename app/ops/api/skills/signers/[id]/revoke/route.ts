import { route } from '@/lib/http/route'
import { revokeSigner } from '@/lib/skills'
import { opsRevokeSigner } from '@/lib/skills/contract'

export const POST = route(opsRevokeSigner, (scope, { params }) => revokeSigner(scope, params.id))
