import { backchannelLogout } from '@/lib/auth'
import { opsBackchannelLogout } from '@/lib/auth/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsBackchannelLogout, (visit, { body }) => backchannelLogout(body.logout_token, visit))
