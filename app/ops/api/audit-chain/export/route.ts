import { exportChain } from '@/lib/governance'
import { opsAuditExportChain } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(opsAuditExportChain, (scope) => exportChain(scope))
