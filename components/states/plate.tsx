import type { ReactNode } from 'react'
import { Logo } from '@/components/ui/logo'

// What stands outside the console: sign-in, signed out, and pages that do not exist.
export const Plate = ({ children }: { children: ReactNode }) => (
  <main className="grid min-h-dvh place-items-center px-4 py-10">
    <div className="w-full max-w-[400px]">
      <p className="mb-5 flex items-center justify-center gap-2.5 font-semibold text-ink text-page">
        <Logo className="size-6 text-accent-line" /> Clasper
      </p>
      <div className="rounded-md border border-line bg-surface">{children}</div>
    </div>
  </main>
)
