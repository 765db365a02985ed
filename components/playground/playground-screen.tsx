'use client'

import { MessageSquarePlus } from 'lucide-react'
import { useState } from 'react'
import { PageHeader } from '@/components/shell/page-header'
import { QueryView } from '@/components/states/query-view'
import { useFilters } from '@/components/table/use-filters'
import { Button } from '@/components/ui/button'
import { opsPlayground } from '@/lib/runtime/contract'
import { Composer } from './composer'
import { ConversationLog } from './conversation-log'
import { PlaygroundSkeleton } from './playground-skeleton'
import { askOf, EMPTY_SETUP, modelIn, type Setup } from './setup'
import { SetupCard } from './setup-card'
import { useConversation } from './use-conversation'
import { type Offer, usePlayground } from './use-playground'

export const PLAYGROUND_TEXT = 'Try an agent out as yourself and watch what it does.'

export const PlaygroundScreen = () => {
  const filters = useFilters(opsPlayground)
  const query = usePlayground(filters)
  return (
    <QueryView query={query} what="The playground" skeleton={<PlaygroundSkeleton />}>
      {(offer) => (
        <Playground
          offer={offer}
          isFetching={query.isPlaceholderData}
          onWorkspace={(id) => filters.change({ workspace_id: id })}
        />
      )}
    </QueryView>
  )
}

type PlaygroundProps = { offer: Offer; isFetching: boolean; onWorkspace: (id: string) => void }

const Playground = ({ offer, isFetching, onWorkspace }: PlaygroundProps) => {
  const [setup, setSetup] = useState<Setup>(EMPTY_SETUP)
  const { turns, isAnswering, ask, stop, begin } = useConversation()
  const send = (message: string) => ask(askOf(message, offer, setup), modelIn(offer, setup)?.name ?? 'default')
  return (
    <>
      <PageHeader title="Playground" text={PLAYGROUND_TEXT}>
        {turns.length > 0 ? (
          <Button onClick={begin}>
            <MessageSquarePlus aria-hidden className="size-4" /> New conversation
          </Button>
        ) : null}
      </PageHeader>
      <div className="grid items-start gap-4 rail:grid-cols-[300px_minmax(0,1fr)]">
        <SetupCard
          offer={offer}
          setup={setup}
          onChange={(change) => setSetup({ ...setup, ...change })}
          onWorkspace={onWorkspace}
          isFetching={isFetching}
        />
        <section
          aria-label="Agent"
          className="flex h-[calc(100dvh-172px)] min-h-[420px] min-w-0 flex-col rounded-md border border-line bg-surface max-rail:h-[calc(100dvh-212px)]"
        >
          <ConversationLog turns={turns} />
          <Composer isAnswering={isAnswering} onSend={send} onStop={stop} />
        </section>
      </div>
    </>
  )
}
