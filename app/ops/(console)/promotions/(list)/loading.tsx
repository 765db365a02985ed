import { PROMOTION_COLUMNS } from '@/components/promotions/promotion-columns'
import { PROMOTIONS_TEXT } from '@/components/promotions/promotion-words'
import { ListLoading } from '@/components/table/list-loading'

const Loading = () => <ListLoading title="Promotions" text={PROMOTIONS_TEXT} columns={PROMOTION_COLUMNS} rows={6} />

export default Loading
