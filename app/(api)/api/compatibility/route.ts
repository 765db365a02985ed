import { compatibilityReply } from '@/lib/control-plane'
import { getCompatibility } from '@/lib/control-plane/contract'
import { route } from '@/lib/http/route'

export const GET = route(getCompatibility, (scope, { query }) => compatibilityReply(scope, query.control_plane_url))
