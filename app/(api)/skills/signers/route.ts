import { route } from '@/lib/http/route'
import { addSigner as add, listSigners as list } from '@/lib/skills'
import { addSigner, listSigners } from '@/lib/skills/contract'

export const GET = route(listSigners, (scope) => list(scope))
export const POST = route(addSigner, (scope, { body }) => add(scope, body))
