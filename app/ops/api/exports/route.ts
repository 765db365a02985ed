import { exportBundle } from '@/lib/governance'
import { opsExport } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsExport, (scope, { body }) => exportBundle(scope, body))
