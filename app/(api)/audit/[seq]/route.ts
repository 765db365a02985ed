import { auditEntry as entry } from '@/lib/governance'
import { auditEntry } from '@/lib/governance/contract'
import { route } from '@/lib/http/route'

export const GET = route(auditEntry, (scope, { params }) => entry(scope, params.seq))
