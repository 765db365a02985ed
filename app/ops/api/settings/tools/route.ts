import { route } from '@/lib/http/route'
import { changeToolSettings, toolSettings } from '@/lib/tools'
import { opsPutToolSettings as change, opsToolSettings as show } from '@/lib/tools/contract'

export const GET = route(show, (scope) => toolSettings(scope))
export const PUT = route(change, (scope, { body }) => changeToolSettings(scope, body))
