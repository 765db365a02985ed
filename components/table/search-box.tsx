'use client'

import { Search, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Input } from '@/components/ui/field'
import type { Filters } from './use-filters'

type SearchBoxProps = { filters: Filters; name: string; label: string }

// Remounted when the address changes, so going back shows the words of that page.
export const SearchBox = (props: SearchBoxProps) => {
  const asked = String(props.filters.wire[props.name] ?? '')
  return <Box key={asked} asked={asked} {...props} />
}

const Box = ({ filters, name, label, asked }: SearchBoxProps & { asked: string }) => {
  const [draft, setDraft] = useState(asked)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    filters.change({ [name]: draft.trim() === '' ? null : draft.trim() })
  }
  return (
    <form onSubmit={submit} className="relative w-64 max-w-full">
      <Search aria-hidden className="pointer-events-none absolute top-1.5 left-2 size-4 text-ink-muted" />
      <Input
        type="search"
        aria-label={label}
        placeholder={label}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
        className="h-7 pr-7 pl-8 [&::-webkit-search-cancel-button]:hidden"
      />
      {asked === '' ? null : (
        <Button
          look="quiet"
          size="icon-small"
          aria-label="Clear the search"
          onClick={() => filters.change({ [name]: null })}
          className="absolute top-0 right-0"
        >
          <X aria-hidden className="size-3.5" />
        </Button>
      )}
    </form>
  )
}
