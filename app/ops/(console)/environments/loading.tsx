import { BoardSkeleton } from '@/components/environments/board-skeleton'
import { ENVIRONMENTS_TEXT } from '@/components/environments/environment-words'
import { PageHeader } from '@/components/shell/page-header'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="Environments" text={ENVIRONMENTS_TEXT} />
    <BoardSkeleton />
  </div>
)

export default Loading
