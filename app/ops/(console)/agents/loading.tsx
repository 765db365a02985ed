import { ADAPTER_COLUMNS } from '@/components/adapters/adapter-columns'
import { AGENTS_TEXT } from '@/components/adapters/adapter-words'
import { ListLoading } from '@/components/table/list-loading'

const Loading = () => <ListLoading title="External agents" text={AGENTS_TEXT} columns={ADAPTER_COLUMNS} rows={6} />

export default Loading
