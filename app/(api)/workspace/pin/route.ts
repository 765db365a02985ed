import { route } from '@/lib/http/route'
import { removePin as remove, setPin as set, getPin as show } from '@/lib/workspace'
import { getPin, removePin, setPin } from '@/lib/workspace/contract/environments'

export const GET = route(getPin, (scope, { query }) => show(scope, query))

export const POST = route(setPin, (scope, { body }) => set(scope, body))

export const DELETE = route(removePin, (scope, { query }) => remove(scope, query))
