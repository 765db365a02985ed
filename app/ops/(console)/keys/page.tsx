import type { Metadata } from 'next'
import { KeysScreen } from '@/components/auth/keys-screen'
import { listKeys } from '@/lib/auth'
import { opsListKeys } from '@/lib/auth/contract'
import { consolePage } from '@/lib/http/console-page'
import { Prefetch } from '@/lib/http/prefetch'

export const metadata: Metadata = { title: 'API keys' }

export default consolePage('/ops/keys', 'key:manage', opsListKeys, (scope) => (
  <Prefetch of={opsListKeys} load={() => listKeys(scope)}>
    <KeysScreen />
  </Prefetch>
))
