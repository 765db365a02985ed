import { route } from '@/lib/http/route'
import { surveyWorkspaces } from '@/lib/workspace'
import { opsListWorkspaces } from '@/lib/workspace/contract/workspaces'

export const GET = route(opsListWorkspaces, (scope, { query }) => surveyWorkspaces(scope, query))
