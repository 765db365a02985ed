import { SESSION_COLUMNS } from '@/components/sessions/session-columns'
import { ListLoading } from '@/components/table/list-loading'
import { SESSIONS_TEXT } from '@/components/traces/trace-words'

const Loading = () => <ListLoading title="Sessions" text={SESSIONS_TEXT} columns={SESSION_COLUMNS} filters />

export default Loading
