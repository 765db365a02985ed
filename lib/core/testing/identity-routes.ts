import * as whoami from '@/app/(api)/api/whoami/route'
import * as serviceKey from '@/app/(api)/keys/[id]/route'
import * as serviceKeys from '@/app/(api)/keys/route'
import * as nextAuth from '@/app/api/auth/[...nextauth]/route'
import * as explain from '@/app/ops/api/authz/explain/route'
import * as opsRotate from '@/app/ops/api/keys/[id]/rotate/route'
import * as opsKey from '@/app/ops/api/keys/[id]/route'
import * as opsKeys from '@/app/ops/api/keys/route'
import * as me from '@/app/ops/api/me/route'
import * as tenant from '@/app/ops/api/session/tenant/route'
import * as backchannel from '@/app/ops/backchannel-logout/route'
import * as logout from '@/app/ops/logout/route'
import * as start from '@/app/ops/sign-in/start/route'

export const IDENTITY_ROUTES = {
  '/api/auth/[...nextauth]': nextAuth,
  '/ops/sign-in/start': start,
  '/ops/logout': logout,
  '/ops/backchannel-logout': backchannel,
  '/ops/api/me': me,
  '/ops/api/authz/explain': explain,
  '/ops/api/session/tenant': tenant,
  '/ops/api/keys': opsKeys,
  '/ops/api/keys/[id]': opsKey,
  '/ops/api/keys/[id]/rotate': opsRotate,
  '/keys': serviceKeys,
  '/keys/[id]': serviceKey,
  '/api/whoami': whoami,
}
