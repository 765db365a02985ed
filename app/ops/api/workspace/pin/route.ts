import { route } from '@/lib/http/route'
import { removePin as remove, setPin as set, getPin as show } from '@/lib/workspace'
import { opsGetPin, opsRemovePin, opsSetPin } from '@/lib/workspace/contract/environments'

export const GET = route(opsGetPin, (scope, { query }) => show(scope, query))

export const POST = route(opsSetPin, (scope, { body }) => set(scope, body))

export const DELETE = route(opsRemovePin, (scope, { query }) => remove(scope, query))
