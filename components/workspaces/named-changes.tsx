import { Minus, PenLine, Plus } from 'lucide-react'
import { Card } from '@/components/ui/card'
import type { VersionDiff } from '@/lib/workspace/contract/version-diff'

type Change = 'added' | 'removed' | 'modified'
type Named = { key: string; change: Change; name: string; about?: string }

const LOOKS = {
  added: { icon: Plus, words: 'Added', look: 'text-ok' },
  removed: { icon: Minus, words: 'Removed', look: 'text-bad' },
  modified: { icon: PenLine, words: 'Changed', look: 'text-info' },
} as const

const Line = ({ item }: { item: Named }) => {
  const { icon: Icon, words, look } = LOOKS[item.change]
  return (
    <li className="flex min-w-0 items-start gap-2 text-table">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${look}`} />
      <span className="min-w-0 break-words">
        <span className="sr-only">{words}: </span>
        <span className="break-all font-mono text-meta">{item.name}</span>
        {item.about ? <span className="text-ink-muted"> {item.about}</span> : null}
      </span>
    </li>
  )
}

const changeOf = (change: 'added' | 'modified' | 'deleted' | 'removed'): Change =>
  change === 'deleted' ? 'removed' : change

const named = (prefix: string, name: string, change: Change, about?: string): Named => ({
  key: `${prefix} ${change} ${name} ${about ?? ''}`,
  change,
  name,
  ...(about ? { about } : {}),
})

const groupsOf = (diff: VersionDiff): { title: string; items: Named[] }[] => [
  {
    title: 'Tools',
    items: [
      ...diff.tools.added.map((name) => named('tool', name, 'added')),
      ...diff.tools.removed.map((name) => named('tool', name, 'removed')),
    ],
  },
  {
    title: 'Permissions',
    items: diff.permissions.map((one) =>
      named('grant', one.tool_name, changeOf(one.change_type), `by the skill ${one.skill_name}`),
    ),
  },
  {
    title: 'Policies',
    items: diff.policies.map(({ policy_id: id, change }) => named('policy', id, changeOf(change))),
  },
  {
    title: 'Skills',
    items: diff.skills.map(({ name, location, change }) => named('skill', name, changeOf(change), `in ${location}`)),
  },
]

const NOTHING = 'Tools, permissions, policies and skills stay as they are.'

/** What an agent may do and knows how to do, by name; what stays is said in one line. */
export const Changes = ({ diff }: { diff: VersionDiff }) => {
  const groups = groupsOf(diff)
  const changed = groups.filter(({ items }) => items.length > 0)
  const same = groups.filter(({ items }) => items.length === 0).map(({ title }) => title)
  return (
    <>
      {changed.length > 0 ? (
        <div className="grid gap-4 sheet:grid-cols-2">
          {changed.map(({ title, items }) => (
            <Card key={title} title={title}>
              <ul className="grid gap-1.5">
                {items.map((item) => (
                  <Line key={item.key} item={item} />
                ))}
              </ul>
            </Card>
          ))}
        </div>
      ) : null}
      {same.length > 0 ? (
        <p className="text-ink-muted text-table">
          {changed.length === 0 ? NOTHING : `No change: ${same.join(', ').toLowerCase()}.`}
        </p>
      ) : null}
    </>
  )
}

/** The same in one list, for where there is little room. */
export const ChangesInShort = ({ diff }: { diff: VersionDiff }) => {
  const groups = groupsOf(diff).filter(({ items }) => items.length > 0)
  if (groups.length === 0) return <p className="text-ink-muted text-table">{NOTHING}</p>
  return (
    <div className="grid gap-3 sheet:grid-cols-2">
      {groups.map(({ title, items }) => (
        <section key={title} aria-label={title} className="grid content-start gap-1">
          <h3 className="font-medium text-ink text-table">{title}</h3>
          <ul className="grid gap-1">
            {items.map((item) => (
              <Line key={item.key} item={item} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}
