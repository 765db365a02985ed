import { z } from 'zod'
import { kernel } from '@/lib/core/kernel'
import type { Scope } from '@/lib/core/scope'
import { listDecisions, resolveDecision } from '@/lib/governance'
import { DecisionFilter, DecisionPage, DecisionView, ResolveBody } from '@/lib/governance/contract/decision'
import { costDashboard } from '@/lib/insights'
import { COST_PARTS, costDashboard as costContract } from '@/lib/insights/contract'
import { McpServerList } from '@/lib/mcp/contract'
import { Uuid, WorkspaceId } from '@/lib/shared/id'
import { wholeOf } from '@/lib/shared/page'
import { presentSkills } from '@/lib/skills'
import { SkillList } from '@/lib/skills/contract'
import { listMcpServers } from '@/lib/tools'
import { type Bundle, resolveRun } from '@/lib/workspace'
import { type ServedTool, servedTool } from './served-tool'

export const SKILLS = { scope: 'read', permission: 'skill:view' } as const

const where = {
  workspace_id: WorkspaceId.optional().meta({ description: 'Without it, the default one' }),
  environment: z.string().min(1).max(64).optional(),
}

type Where = { workspace_id?: string | undefined; environment?: string | undefined }

export const bundleIn = async (scope: Scope, { workspace_id, environment }: Where): Promise<Bundle> =>
  (await resolveRun(scope, { workspaceId: workspace_id ?? scope.workspaceId, environment })).bundle

const skills = servedTool({
  name: 'list_skills',
  title: 'List skills',
  description: 'The skills of a workspace as a run gets them: what this host can run and what the model sees.',
  door: SKILLS,
  isReadOnly: true,
  input: z.object(where),
  answer: async (scope, args) => SkillList.parse(presentSkills((await bundleIn(scope, args)).skills)),
})

const servers = servedTool({
  name: 'list_mcp_servers',
  title: 'List MCP servers',
  description: 'The MCP servers that a workspace declares: state, last error, tools and what grants them.',
  door: { scope: 'read', permission: 'workspace:view' },
  isReadOnly: true,
  input: z.object(where),
  answer: async (scope, args) => McpServerList.parse(await listMcpServers(scope, { ...args, ask: 'false' })),
})

const approvals = servedTool({
  name: 'list_approvals',
  title: 'List approvals',
  description: 'Actions of agents that wait for a person, newest first; or, by status, those that were decided.',
  door: { scope: 'read', permission: 'decision:resolve' },
  isReadOnly: true,
  input: z.object({
    status: DecisionFilter.shape.status.default('pending'),
    workspace_id: where.workspace_id,
    tool: DecisionFilter.shape.tool,
    trace_id: DecisionFilter.shape.trace_id,
    limit: wholeOf(1, 50).default(20).meta({ description: 'How many, at most 50' }),
    cursor: DecisionFilter.shape.cursor.meta({ description: 'next_cursor of the page before' }),
  }),
  answer: async (scope, args) => DecisionPage.parse(await listDecisions(scope, args)),
})

const costs = servedTool({
  name: 'cost_summary',
  title: 'Sum up costs',
  description: 'What runs cost: by day, workspace, skill, model and role, with a forecast to the end of the month.',
  door: { scope: 'read', permission: 'dashboard:view' },
  isReadOnly: true,
  input: z.object({
    workspace_id: where.workspace_id,
    days: wholeOf(1, 366).default(30).meta({ description: 'Days of UTC, today among them' }),
    by: z.enum(COST_PARTS).default('workspace'),
  }),
  answer: async (scope, args) => costContract.reply.parse(await costDashboard(scope, args)),
})

// The token of an approval belongs to the agent that asked, which fetches it itself; it is not told here.
const decide = servedTool({
  name: 'decide_approval',
  title: 'Decide what waits',
  description: 'Approve or refuse an action that waits, in your own name. It cannot be taken back.',
  door: { scope: null, permission: 'decision:resolve' },
  isReadOnly: false,
  isOffered: () => kernel().env.CLASPER_MCP_DECISIONS,
  input: z.object({
    decision_id: Uuid,
    action: z.enum(['approve', 'deny']),
    justification: ResolveBody.shape.justification,
  }),
  answer: async (scope, { decision_id, ...body }) => ({
    decision: DecisionView.parse((await resolveDecision(scope, decision_id, body)).decision),
  }),
})

export const OTHER_TOOLS: readonly ServedTool[] = [skills, servers, approvals, costs, decide]
