'use client'

import { type ReactNode, useCallback, useState } from 'react'
import { GlassBanner } from '@/components/receipts/glass-banner'
import { Sheet } from '@/components/ui/sheet'
import { ExplainDialog } from './explain-dialog'
import { KeyboardHelp } from './keyboard-help'
import { LiveProvider } from './live-context'
import { Palette } from './palette'
import { Providers } from './providers'
import { Rail } from './rail'
import { SignOutForm } from './sign-out'
import { TopBar } from './top-bar'
import { useShortcuts } from './use-shortcuts'
import { useTenantWatch } from './use-tenant-watch'
import { type Viewer, ViewerProvider } from './viewer'
import { WhoDialog } from './who-dialog'

type Overlay = 'rail' | 'palette' | 'help' | 'explain' | 'who' | null

export const ConsoleShell = ({ viewer, children }: { viewer: Viewer; children: ReactNode }) => (
  <Providers>
    <ViewerProvider viewer={viewer}>
      <LiveProvider>
        <Frame viewer={viewer}>{children}</Frame>
      </LiveProvider>
    </ViewerProvider>
  </Providers>
)

const Frame = ({ viewer, children }: { viewer: Viewer; children: ReactNode }) => {
  const [overlay, setOverlay] = useState<Overlay>(null)
  const show = useCallback((wanted: Overlay) => () => setOverlay(wanted), [])
  const bind = (name: Overlay) => ({
    open: overlay === name,
    onOpenChange: (open: boolean) => setOverlay(open ? name : null),
  })
  useShortcuts({ permissions: viewer.me.permissions, onPalette: show('palette'), onHelp: show('help') })
  useTenantWatch(viewer.me.active_tenant_id)
  return (
    <div className="flex min-h-dvh">
      <a
        href="#main"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Skip to content
      </a>
      <div className="sticky top-0 flex h-dvh w-14 shrink-0 flex-col border-line border-r bg-surface max-sheet:hidden rail:w-[220px]">
        <Rail compact />
      </div>
      <div className="flex min-w-0 grow flex-col">
        <TopBar
          onRail={show('rail')}
          onPalette={show('palette')}
          onHelp={show('help')}
          onExplain={show('explain')}
          onWho={show('who')}
        />
        <GlassBanner />
        <main
          id="main"
          tabIndex={-1}
          className="mx-auto w-full max-w-[1600px] grow px-3 py-4 focus:outline-none sheet:px-6 sheet:py-6"
        >
          {children}
        </main>
      </div>
      <Sheet {...bind('rail')} side="left" title="Places">
        <Rail compact={false} onGo={show(null)} />
      </Sheet>
      <Palette {...bind('palette')} onHelp={show('help')} onExplain={show('explain')} />
      <KeyboardHelp {...bind('help')} />
      <ExplainDialog {...bind('explain')} />
      <WhoDialog {...bind('who')} />
      <SignOutForm />
    </div>
  )
}
