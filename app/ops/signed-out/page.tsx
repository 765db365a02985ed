import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { SignedOutCard } from '@/components/auth/signed-out-card'
import { signedOutReturn } from '@/lib/auth'

export const metadata: Metadata = { title: 'Signed out' }

type Props = { searchParams: Promise<{ state?: string | string[] }> }

const SignedOutPage = async ({ searchParams }: Props) => (
  <SignedOutCard outcome={signedOutReturn((await headers()).get('cookie'), (await searchParams).state)} />
)

export default SignedOutPage
