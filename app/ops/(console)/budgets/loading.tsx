import { BUDGET_COLUMNS } from '@/components/budgets/budget-columns'
import { BUDGETS_TEXT } from '@/components/budgets/budget-words'
import { ListLoading } from '@/components/table/list-loading'

const Loading = () => <ListLoading title="Budgets" text={BUDGETS_TEXT} columns={BUDGET_COLUMNS} rows={4} />

export default Loading
