import { ListLoading } from '@/components/table/list-loading'
import { WORKSPACE_COLUMNS } from '@/components/workspaces/workspace-columns'
import { WORKSPACES_TEXT } from '@/components/workspaces/workspace-words'

const Loading = () => <ListLoading title="Workspaces" text={WORKSPACES_TEXT} columns={WORKSPACE_COLUMNS} rows={6} />

export default Loading
