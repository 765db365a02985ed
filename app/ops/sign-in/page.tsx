import type { Metadata } from 'next'
import { SignInCard } from '@/components/auth/sign-in-card'

export const metadata: Metadata = { title: 'Sign in' }

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> }

const one = (value: string | string[] | undefined): string | null => [value ?? []].flat()[0] ?? null

const SignInPage = async ({ searchParams }: Props) => {
  const search = await searchParams
  const callback = one(search['callback_url']) ?? one(search['callbackUrl']) ?? '/ops'
  return <SignInCard callback={callback} error={one(search['error'])} stay={search['signed_out'] !== undefined} />
}

export default SignInPage
