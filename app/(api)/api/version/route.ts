import { route } from '@/lib/http/route'
import { versionFacts } from '@/lib/jobs'
import { getVersion } from '@/lib/jobs/contract'

export const GET = route(getVersion, () => versionFacts())
