import { pinDifferences } from '@/components/environments/environment-words'
import type { Promotion } from '@/lib/promotion/contract'

/** What comes along besides the files: skills, model, provider. */
export const OtherPinChanges = ({ next, replaces }: Pick<Promotion, 'next' | 'replaces'>) => {
  const words = pinDifferences(next, replaces)
  return words.length === 0 ? null : (
    <p className="break-words text-ink-soft text-table">Comes along: {words.join('; ')}.</p>
  )
}
