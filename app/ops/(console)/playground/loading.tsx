import { PlaygroundSkeleton } from '@/components/playground/playground-skeleton'
import { PageHeader } from '@/components/shell/page-header'

const Loading = () => (
  <div aria-busy="true">
    <PageHeader title="Playground" text="Try an agent out as yourself and watch what it does." />
    <PlaygroundSkeleton />
  </div>
)

export default Loading
