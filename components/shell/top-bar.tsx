'use client'

import { Menu as MenuIcon, Search } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { Button } from '@/components/ui/button'
import { LiveIndicator } from './live-indicator'
import { PersonMenu } from './person-menu'
import { placeAt } from './places'
import { ProfileBadge } from './profile-badge'
import { TenantSwitcher } from './tenant-switcher'
import { ThemeToggle } from './theme-toggle'
import { useViewer } from './viewer'

type TopBarProps = {
  onRail: () => void
  onPalette: () => void
  onHelp: () => void
  onExplain: () => void
  onWho: () => void
}

export const TopBar = ({ onRail, onPalette, onHelp, onExplain, onWho }: TopBarProps) => {
  const { profile } = useViewer()
  return (
    <header className="sticky top-0 z-30 flex h-12 items-center gap-1.5 border-line border-b bg-surface px-2 sheet:px-4">
      <Button look="quiet" size="icon" aria-label="Open places" onClick={onRail} className="sheet:hidden">
        <MenuIcon aria-hidden className="size-4" />
      </Button>
      <Breadcrumb />
      <div className="ml-auto flex min-w-0 items-center gap-1">
        <ProfileBadge profile={profile} />
        <LiveIndicator />
        <TenantSwitcher />
        <SearchButton onPalette={onPalette} />
        <ThemeToggle />
        <PersonMenu onHelp={onHelp} onExplain={onExplain} onWho={onWho} />
      </div>
    </header>
  )
}

const Breadcrumb = () => {
  const place = placeAt(usePathname())
  if (!place) return null
  return (
    <nav aria-label="Breadcrumb" className="min-w-0 max-sheet:hidden">
      <ol className="flex items-center gap-1.5 text-table">
        <li className="text-ink-muted">{place.group}</li>
        <li aria-hidden className="text-ink-muted">
          /
        </li>
        <li aria-current="page" className="truncate font-medium text-ink">
          {place.name}
        </li>
      </ol>
    </nav>
  )
}

const SearchButton = ({ onPalette }: { onPalette: () => void }) => (
  <Button
    onClick={onPalette}
    className="justify-start font-normal text-ink-muted max-rail:size-8 max-rail:justify-center max-rail:border-transparent max-rail:bg-transparent max-rail:p-0 rail:w-44"
  >
    <Search aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
    <span className="max-rail:sr-only">
      Search<span className="sr-only"> and commands</span>
    </span>
    <kbd aria-hidden className="ml-auto font-mono text-meta max-rail:hidden">
      ⌘K
    </kbd>
  </Button>
)
