import { ListLoading } from '@/components/table/list-loading'
import { WEBHOOK_COLUMNS } from '@/components/webhooks/webhook-columns'
import { WEBHOOKS_TEXT } from '@/components/webhooks/webhooks-words'

const Loading = () => <ListLoading title="Webhooks" text={WEBHOOKS_TEXT} columns={WEBHOOK_COLUMNS} rows={8} filters />

export default Loading
