import type { Metadata } from 'next'
import { ReferenceScreen } from '@/components/reference/reference-screen'
import { consolePage } from '@/lib/http/console-page'

export const metadata: Metadata = { title: 'API reference' }

export default consolePage('/ops/reference', null, null, () => <ReferenceScreen />)
