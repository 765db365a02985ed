import { route } from '@/lib/http/route'
import { addSigner, listSigners } from '@/lib/skills'
import { opsAddSigner, opsListSigners } from '@/lib/skills/contract'

export const GET = route(opsListSigners, (scope) => listSigners(scope))
export const POST = route(opsAddSigner, (scope, { body }) => addSigner(scope, body))
