'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { cn } from '@/components/ui/cn'
import { Logo } from '@/components/ui/logo'
import { groupsOf, type Place, placeAt, placesFor } from './places'
import { useViewer } from './viewer'

type RailProps = { compact: boolean; onGo?: () => void }

export const Rail = ({ compact, onGo }: RailProps) => {
  const { me, version } = useViewer()
  const here = placeAt(usePathname())
  return (
    <nav aria-label="Places" className="flex min-h-0 grow flex-col">
      <Link
        href="/ops"
        className={cn(
          'flex h-12 shrink-0 items-center gap-2.5 px-4',
          compact && 'max-rail:justify-center max-rail:px-0',
        )}
      >
        <Logo className="size-5 text-accent-line" />
        <span className={cn('font-semibold text-ink text-title', compact && 'max-rail:sr-only')}>Clasper</span>
      </Link>
      <div className="min-h-0 grow overflow-y-auto px-2 py-2">
        {groupsOf(placesFor(me.permissions)).map(({ group, places }) => (
          <div key={group} className="mb-4">
            <p className={cn('px-2 pb-1 text-ink-muted text-meta', compact && 'max-rail:sr-only')}>{group}</p>
            <ul className="grid gap-0.5">
              {places.map((place) => (
                <li key={place.href}>
                  <RailLink place={place} current={here?.href === place.href} compact={compact} onGo={onGo} />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      <p className={cn('px-4 py-3 text-ink-muted text-meta', compact && 'max-rail:hidden')}>Clasper {version}</p>
    </nav>
  )
}

type RailLinkProps = { place: Place; current: boolean; compact: boolean; onGo: (() => void) | undefined }

const RailLink = ({ place, current, compact, onGo }: RailLinkProps) => (
  <Link
    href={place.href}
    title={compact ? `${place.name}  (g ${place.letter})` : undefined}
    aria-current={current ? 'page' : undefined}
    onClick={() => onGo?.()}
    className={cn(
      'flex h-8 items-center gap-2.5 rounded-md px-2 text-table transition-colors',
      compact && 'max-rail:justify-center',
      current ? 'bg-accent-soft font-medium text-accent' : 'text-ink-soft hover:bg-hover hover:text-ink',
    )}
  >
    <place.icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
    <span className={cn(compact && 'max-rail:sr-only')}>{place.name}</span>
  </Link>
)
