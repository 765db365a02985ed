import { exportEvidence } from '@/lib/adapters'
import { opsExport } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const POST = route(opsExport, (scope, { body }) => exportEvidence(scope, body))
