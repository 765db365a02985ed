'use client'

import { Select } from '@/components/ui/select'
import type { ListedVersion } from '@/lib/workspace/contract/version'
import { shortVersion } from './workspace-words'

type VersionChoiceProps = {
  label: string
  value: string
  recent: readonly ListedVersion[]
  // Choices before the versions, such as the files as they are.
  first?: readonly { value: string; label: string }[]
  onChoose: (hash: string) => void
}

const MOST_WORDS = 48

const named = ({ version_hash: hash, message, is_latest: isLatest, pinned_in: pinned }: ListedVersion): string => {
  const words = (message ?? 'no message').replace(/\s+/g, ' ')
  const cut = words.length > MOST_WORDS ? `${words.slice(0, MOST_WORDS)}…` : words
  const where = pinned.length > 0 ? ` · in ${pinned.join(', ')}` : ''
  return `${shortVersion(hash)} ${cut}${isLatest ? ' · last' : ''}${where}`
}

/** One of the newest versions, or the one that is asked for already. */
export const VersionChoice = ({ label, value, recent, first = [], onChoose }: VersionChoiceProps) => {
  const isKnown = recent.some(({ version_hash: hash }) => hash === value) || first.some((one) => one.value === value)
  const options = [
    ...first,
    ...recent.map((version) => ({ value: version.version_hash, label: named(version) })),
    ...(isKnown ? [] : [{ value, label: `${shortVersion(value)} (older)` }]),
  ]
  return (
    <Select
      aria-label={label}
      className="w-full min-w-0 sheet:w-auto sheet:max-w-[420px]"
      options={options}
      value={value}
      onChange={(event) => onChoose(event.target.value)}
    />
  )
}
