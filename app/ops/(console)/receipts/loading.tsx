import { RECEIPT_COLUMNS } from '@/components/receipts/receipt-columns'
import { RECEIPTS_TEXT } from '@/components/receipts/receipt-words'
import { ListLoading } from '@/components/table/list-loading'

const Loading = () => <ListLoading title="Overrides" text={RECEIPTS_TEXT} columns={RECEIPT_COLUMNS} filters />

export default Loading
