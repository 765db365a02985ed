import { EVAL_COLUMNS } from '@/components/evals/eval-columns'
import { EVALS_TEXT } from '@/components/evals/eval-words'
import { ListLoading } from '@/components/table/list-loading'

const Loading = () => <ListLoading title="Evals" text={EVALS_TEXT} columns={EVAL_COLUMNS} rows={8} filters />

export default Loading
