import { LogOut } from 'lucide-react'
import { Plate } from '@/components/states/plate'
import { Button } from '@/components/ui/button'

const WORDS = {
  ended: {
    title: 'You are signed out',
    text: 'The session has ended here, on every instance, and at your identity provider.',
    next: { href: '/ops/sign-in?signed_out=1', label: 'Sign in again' },
  },
  kept: {
    title: 'You are signed out',
    text: 'The session here has ended on every instance. Your identity provider offers no sign-out or did not answer, so its own session may live on: close the browser on a shared machine.',
    next: { href: '/ops/sign-in?signed_out=1', label: 'Sign in again' },
  },
  unasked: {
    title: 'Nothing was changed',
    text: 'No sign-out of this browser ends here. Whether you are signed in is as it was before.',
    next: { href: '/ops', label: 'Open the console' },
  },
}

type Props = { outcome: 'ended' | 'kept' | null }

export const SignedOutCard = ({ outcome }: Props) => {
  const { title, text, next } = WORDS[outcome ?? 'unasked']
  return (
    <Plate>
      <div className="grid justify-items-center gap-3 p-6 text-center">
        <span className="grid size-10 place-items-center rounded-md bg-accent-soft">
          <LogOut aria-hidden className="size-5 text-accent" />
        </span>
        <h1 className="font-semibold text-ink text-title">{title}</h1>
        <p className="text-ink-muted text-prose">{text}</p>
        <Button asChild className="mt-2">
          <a href={next.href}>{next.label}</a>
        </Button>
      </div>
    </Plate>
  )
}
