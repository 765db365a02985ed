import { LogIn, TriangleAlert } from 'lucide-react'
import { Plate } from '@/components/states/plate'
import { Button } from '@/components/ui/button'
import { AutoStart } from './auto-start'
import { signInWords } from './sign-in-words'

type SignInCardProps = { callback: string; error: string | null; stay: boolean }

export const SignInCard = ({ callback, error, stay }: SignInCardProps) => {
  const href = `/ops/sign-in/start?callback_url=${encodeURIComponent(callback)}`
  return (
    <Plate>
      <div className="grid gap-5 p-6 text-center">
        <div className="grid gap-1">
          <h1 className="font-semibold text-ink text-title">Sign in</h1>
          <p className="text-ink-muted text-prose">Your identity provider says who you are and what you may do.</p>
        </div>
        {error ? <Fault error={error} /> : null}
        <Button asChild look="primary" size="large">
          <a href={href}>
            <LogIn aria-hidden className="size-4" /> {error ? 'Sign in again' : 'Sign in'}
          </a>
        </Button>
        {stay || error ? null : <AutoStart href={href} />}
      </div>
    </Plate>
  )
}

const Fault = ({ error }: { error: string }) => {
  const words = signInWords(error)
  return (
    <div role="alert" className="grid gap-1 rounded-md bg-bad-soft px-4 py-3 text-left text-bad">
      <p className="flex items-center gap-2 font-medium text-prose">
        <TriangleAlert aria-hidden className="size-4 shrink-0" /> {words.title}
      </p>
      <p className="text-ink-soft text-table">{words.text}</p>
      <p className="font-mono text-ink-muted text-meta">{error.slice(0, 60)}</p>
    </div>
  )
}
