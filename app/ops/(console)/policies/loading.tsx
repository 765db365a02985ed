import { POLICY_COLUMNS } from '@/components/policies/policy-columns'
import { POLICIES_TEXT } from '@/components/policies/policy-words'
import { ListLoading } from '@/components/table/list-loading'

const Loading = () => <ListLoading title="Policies" text={POLICIES_TEXT} columns={POLICY_COLUMNS} rows={8} filters />

export default Loading
