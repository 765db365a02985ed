import { WAITING_COLUMNS } from '@/components/decisions/decision-columns'
import { APPROVALS_TEXT } from '@/components/decisions/decision-words'
import { ListLoading } from '@/components/table/list-loading'

const Loading = () => <ListLoading title="Approvals" text={APPROVALS_TEXT} columns={WAITING_COLUMNS} rows={8} filters />

export default Loading
