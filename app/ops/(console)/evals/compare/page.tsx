import type { Metadata } from 'next'
import { CompareScreen } from '@/components/evals/compare-screen'
import { consolePage } from '@/lib/http/console-page'

export const metadata: Metadata = { title: 'Compare evaluations' }

export default consolePage('/ops/evals/compare', 'eval:view', null, () => <CompareScreen />)
