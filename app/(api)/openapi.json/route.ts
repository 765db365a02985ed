import { route } from '@/lib/http/route'
import { openApi } from '@/lib/jobs'
import { getOpenApi } from '@/lib/jobs/contract'

export const GET = route(getOpenApi, () => openApi())
