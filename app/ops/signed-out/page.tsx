import type { Metadata } from 'next'
import { SignedOutCard } from '@/components/auth/signed-out-card'

export const metadata: Metadata = { title: 'Signed out' }

type Props = { searchParams: Promise<{ provider?: string | string[] }> }

const SignedOutPage = async ({ searchParams }: Props) => (
  <SignedOutCard providerKept={(await searchParams).provider === 'kept'} />
)

export default SignedOutPage
