import { route } from '@/lib/http/route'
import { llmTask as act } from '@/lib/runtime'
import { llmTask } from '@/lib/runtime/contract'

export const POST = route(llmTask, (scope, { body }) => act(scope, body))
