import type { Metadata } from 'next'
import { DiffScreen } from '@/components/diff/diff-screen'
import { consolePage } from '@/lib/http/console-page'

export const metadata: Metadata = { title: 'Diff' }

export default consolePage('/ops/diff', 'trace:diff', null, () => <DiffScreen />)
