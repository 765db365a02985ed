'use client'

import { Dialog } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'
import { placesFor } from './places'
import { useViewer } from './viewer'

const EVERYWHERE = [
  { keys: 'ctrl k', does: 'Search and commands (⌘ K on a Mac)' },
  { keys: '?', does: 'This map' },
  { keys: 'esc', does: 'Close what is open' },
]

const IN_LISTS = [
  { keys: 'j', does: 'Next row' },
  { keys: 'k', does: 'Previous row' },
  { keys: 'enter', does: 'Open the row beside the list' },
  { keys: 'o', does: 'Open the page of the row' },
  { keys: 'x', does: 'Select the row' },
  { keys: 'd', does: 'Compare the two selected traces' },
]

const IN_TRACES = [
  { keys: '↑', does: 'Step above (↓ below)' },
  { keys: '→', does: 'Unfold a step (← folds it)' },
  { keys: 'e', does: 'Next step that failed' },
  { keys: 'n', does: 'Next difference between two traces (p: the one before)' },
]

const IN_QUEUE = [
  { keys: 'j', does: 'Next item (k: the one before)' },
  { keys: 'a', does: 'Write the good answer' },
  { keys: 'ctrl enter', does: 'Keep it and go on' },
  { keys: 's', does: 'Skip the item' },
  { keys: 'c', does: 'Make a case of it' },
]

type Binding = { keys: string; does: string }

const Section = ({ title, bindings }: { title: string; bindings: readonly Binding[] }) => (
  <section className="grid gap-1.5">
    <h3 className="text-ink-muted text-meta">{title}</h3>
    <dl className="grid gap-1.5">
      {bindings.map((binding) => (
        <div key={binding.keys} className="flex items-center justify-between gap-4 text-table">
          <dt>{binding.does}</dt>
          <dd>
            <Kbd keys={binding.keys} />
          </dd>
        </div>
      ))}
    </dl>
  </section>
)

type KeyboardHelpProps = { open: boolean; onOpenChange: (open: boolean) => void }

export const KeyboardHelp = ({ open, onOpenChange }: KeyboardHelpProps) => {
  const { me } = useViewer()
  const places = placesFor(me.permissions).map((place) => ({ keys: `g ${place.letter}`, does: place.name }))
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard map" isText>
      <div className="grid gap-5">
        <Section title="Go to" bindings={places} />
        <Section title="In lists" bindings={IN_LISTS} />
        <Section title="In traces" bindings={IN_TRACES} />
        {me.permissions.includes('eval:run') ? (
          <Section title="In the queue of evaluations" bindings={IN_QUEUE} />
        ) : null}
        <Section title="Everywhere" bindings={EVERYWHERE} />
      </div>
    </Dialog>
  )
}
