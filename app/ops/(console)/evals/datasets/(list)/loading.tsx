import { DATASET_COLUMNS } from '@/components/evals/dataset-columns'
import { DATASETS_TEXT } from '@/components/evals/eval-words'
import { ListLoading } from '@/components/table/list-loading'

const Loading = () => <ListLoading title="Datasets" text={DATASETS_TEXT} columns={DATASET_COLUMNS} rows={6} />

export default Loading
