import { AUDIT_COLUMNS } from '@/components/governance/audit-columns'
import { ListLoading } from '@/components/table/list-loading'

const Loading = () => (
  <ListLoading
    title="Audit"
    text="Who did what, when, and proof that nobody changed the record."
    columns={AUDIT_COLUMNS}
    filters
  />
)

export default Loading
