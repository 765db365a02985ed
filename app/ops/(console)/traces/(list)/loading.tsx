import { ListLoading } from '@/components/table/list-loading'
import { USUAL_TRACE_COLUMNS } from '@/components/traces/trace-columns'
import { TRACES_TEXT } from '@/components/traces/trace-words'

const Loading = () => <ListLoading title="Traces" text={TRACES_TEXT} columns={USUAL_TRACE_COLUMNS} filters />

export default Loading
