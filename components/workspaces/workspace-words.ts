import type { Version } from '@/lib/workspace/contract/version'

export const WORKSPACES_TEXT =
  'What an agent is: its souls, rules, skills and policies, kept as versions that never change.'

export const SOURCES: Record<Version['source'], string> = {
  push: 'Command line',
  console: 'Console',
  run: 'Met by a run',
  import: 'Import',
}

export const personOf = (actor: string): string => actor.replace(/^user:/, '')

export const workspaceHref = (id: string, query: Record<string, string> = {}): string => {
  const search = new URLSearchParams(query)
  return `/ops/workspaces/${encodeURIComponent(id)}${search.size > 0 ? `?${search}` : ''}`
}

export const versionDiffHref = (id: string, from: string, to: string): string =>
  workspaceHref(id, { tab: 'diff', from, to })

export const environmentsHref = (workspace: string): string =>
  `/ops/environments?${new URLSearchParams({ workspace_id: workspace })}`

export const promotionsHref = (workspace: string, query: Record<string, string> = {}): string =>
  `/ops/promotions?${new URLSearchParams({ workspace_id: workspace, ...query })}`

export const promotionHref = (workspace: string, id: string): string =>
  `/ops/promotions/${encodeURIComponent(id)}?${new URLSearchParams({ workspace_id: workspace })}`

// Enough digits to tell versions of one workspace apart by eye.
export const shortVersion = (hash: string): string => hash.slice(0, 8)

export const linkStyle = 'text-accent underline-offset-2 hover:underline'
