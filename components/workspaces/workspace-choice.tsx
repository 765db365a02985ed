'use client'

import { Select } from '@/components/ui/select'
import { useWorkspaces } from './use-workspaces'

const ALL = { limit: '200' }

/** For pages that stand for one workspace at a time. */
export const WorkspaceChoice = ({ value, onChoose }: { value: string; onChoose: (id: string) => void }) => {
  const { data } = useWorkspaces(ALL)
  const known = data?.workspaces.map(({ workspace_id: id }) => id) ?? []
  const options = [...new Set([...known, value])].map((id) => ({ value: id, label: id }))
  return (
    <Select
      aria-label="Workspace"
      className="max-w-full"
      options={options}
      value={value}
      onChange={(event) => onChoose(event.target.value)}
    />
  )
}
