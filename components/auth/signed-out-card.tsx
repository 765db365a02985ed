import { LogOut } from 'lucide-react'
import { Plate } from '@/components/states/plate'
import { Button } from '@/components/ui/button'

export const SignedOutCard = ({ providerKept }: { providerKept: boolean }) => (
  <Plate>
    <div className="grid justify-items-center gap-3 p-6 text-center">
      <span className="grid size-10 place-items-center rounded-md bg-accent-soft">
        <LogOut aria-hidden className="size-5 text-accent" />
      </span>
      <h1 className="font-semibold text-ink text-title">You are signed out</h1>
      <p className="text-ink-muted text-prose">
        {providerKept
          ? 'The session here has ended on every instance. Your identity provider offers no sign-out, so its own session may live on: close the browser on a shared machine.'
          : 'The session has ended here, on every instance, and at your identity provider.'}
      </p>
      <Button asChild className="mt-2">
        <a href="/ops/sign-in?signed_out=1">Sign in again</a>
      </Button>
    </div>
  </Plate>
)
