import { KEY_COLUMNS } from '@/components/auth/key-columns'
import { ListLoading } from '@/components/table/list-loading'

const Loading = () => (
  <ListLoading
    title="API keys"
    text="Which programs may call, what each may do, and when it last did."
    columns={KEY_COLUMNS}
    rows={6}
  />
)

export default Loading
