import type { Backend } from '@/lib/control-plane'
import { checkSchema } from '@/lib/core/json-schema'
import type { Scope } from '@/lib/core/scope'
import type { SkillHttpTool } from '@/lib/skills'
import type { SkillFiles } from '@/lib/workspace'
import { backendTool, builtInTools, isBuiltIn } from './built-in'
import { httpTool } from './http-tool'
import { fromMcp, type McpPlace } from './mcp-tools'
import { type Grants, refusalOf } from './permission'
import { SKILL_READ, skillReadTool } from './skill-read'
import type { Tool } from './tool'
import { isToolName } from './tool-name'

export type Sources = {
  backend: Backend
  httpTools: readonly SkillHttpTool[]
  skillFiles?: SkillFiles | null
  mcp?: McpPlace | null
}

export type Catalogue = { tools: readonly Tool[]; notes: readonly string[] }

const MOST_TOOLS = 128
const MOST_DESCRIPTION = 1_000
const NO_PARAMETERS = { type: 'object', properties: {} }

// Nobody is asked for tools that nothing grants.
const mayNeedBackend = ({ skills, tenant }: Grants, isServed: boolean): boolean => {
  const claim = tenant.claim ?? '*'
  return (
    tenant.allowed.length > 0 &&
    claim.length > 0 &&
    skills.some((pattern) => pattern !== SKILL_READ && !isBuiltIn(pattern) && !(isServed && pattern.startsWith('mcp:')))
  )
}

const fromBackend = async (scope: Scope, { backend, mcp }: Sources, grants: Grants): Promise<Catalogue> => {
  if (!mayNeedBackend(grants, Boolean(mcp))) return { tools: [], notes: [] }
  try {
    return { tools: (await backend.listTools()).map((spec) => backendTool(backend, spec)), notes: [] }
  } catch (error) {
    scope.log.warn('tools of the backend cannot be listed', { error })
    return { tools: [], notes: ['The backend did not say which tools it has; they are left out'] }
  }
}

const isObjectSchema = (parameters: unknown): parameters is Record<string, unknown> =>
  typeof parameters === 'object' && parameters !== null && !Array.isArray(parameters)

const shortened = (text: unknown): string => {
  const description = typeof text === 'string' ? text : ''
  return description.length > MOST_DESCRIPTION
    ? `${[...description].slice(0, MOST_DESCRIPTION).join('')}…`
    : description
}

const parametersOf = ({ parameters }: Tool): Record<string, unknown> | null => {
  if (parameters === undefined || parameters === null) return NO_PARAMETERS
  if (!isObjectSchema(parameters)) return null
  if (parameters['type'] === undefined) return { ...NO_PARAMETERS, ...parameters }
  return parameters['type'] === 'object' ? parameters : null
}

// Why a tool is left out, or the tool as a provider takes it.
const checked = (tool: Tool): Tool | string => {
  const about = `The ${tool.source} tool ${String(tool.name).slice(0, 130)} is left out`
  if (!isToolName(tool.name)) return `${about}: its name holds other letters than A-Z, a-z, 0-9 and _.:/@-`
  const parameters = parametersOf(tool)
  if (parameters === null) return `${about}: its parameters are no JSON schema of an object`
  const [fault] = checkSchema(parameters)
  if (fault) return `${about}: its parameters ${fault.path === '' ? '' : `at ${fault.path} `}${fault.message}`
  return { ...tool, description: shortened(tool.description), parameters }
}

// The first of a name stays: built-in, then backend, then the servers of the workspace, then skill.
const unshadowed = (tools: readonly Tool[], notes: string[]): Tool[] => {
  const first = new Map<string, Tool>()
  for (const tool of tools) {
    const earlier = first.get(tool.name)
    if (earlier)
      notes.push(`The ${tool.source} tool ${tool.name} is left out: there is a ${earlier.source} tool of that name`)
    else first.set(tool.name, tool)
  }
  return [...first.values()]
}

const byName = (a: Tool, b: Tool): number => (a.name < b.name ? -1 : 1)

// A server of others that has very many crowds out none of our own.
const offered = (usable: readonly Tool[]): Tool[] => {
  const [ours, theirs] = [
    usable.filter(({ source }) => source !== 'mcp'),
    usable.filter(({ source }) => source === 'mcp'),
  ]
  return [...ours.sort(byName), ...theirs.sort(byName)].slice(0, MOST_TOOLS).sort(byName)
}

// Every tool that the layers of skills and tenant permit, in one order, with a word for each that had to be left out.
export const catalogueFor = async (scope: Scope, sources: Sources, grants: Grants): Promise<Catalogue> => {
  const [listed, served] = await Promise.all([
    fromBackend(scope, sources, grants),
    fromMcp(scope, sources.mcp ?? null, grants),
  ])
  const notes = [...listed.notes, ...served.notes]
  const { backend, httpTools, skillFiles } = sources
  const ownSkills = skillFiles ? [skillReadTool(skillFiles)] : []
  const all = [...builtInTools(backend), ...ownSkills, ...listed.tools, ...served.tools, ...httpTools.map(httpTool)]
  const granted = all.filter((tool) => refusalOf(grants, tool.name) === null)
  const usable: Tool[] = []
  for (const tool of unshadowed(granted, notes)) {
    const result = checked(tool)
    if (typeof result === 'string') notes.push(result)
    else usable.push(result)
  }
  if (usable.length > MOST_TOOLS) notes.push(`A run offers at most ${MOST_TOOLS} tools; the rest is left out`)
  return { tools: offered(usable), notes }
}
