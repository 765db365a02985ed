import { Compass } from 'lucide-react'
import { Button } from '@/components/ui/button'

export const NotFoundState = () => (
  <div className="mx-auto grid max-w-lg justify-items-center gap-3 px-4 py-12 text-center">
    <span className="grid size-10 place-items-center rounded-md border border-line bg-sunken">
      <Compass aria-hidden className="size-5 text-ink-muted" />
    </span>
    <h1 className="font-semibold text-ink text-title">There is no such page</h1>
    <p className="text-ink-muted text-prose">The address is wrong, or the thing belongs to another tenant.</p>
    <Button asChild>
      <a href="/ops">To the overview</a>
    </Button>
  </div>
)
