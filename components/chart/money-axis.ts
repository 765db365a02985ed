import { formatMoney } from '@/components/ui/format'

// As many decimals as tell the lines of the axis apart.
export const moneyAxis = (mostMicro: number): ((micro: number) => string) => {
  const step = Math.max(0, mostMicro) / 4_000_000
  const decimals = step <= 0 || step >= 1 ? 0 : Math.min(6, Math.ceil(-Math.log10(step)) + 1)
  return (micro) => (step >= 250 ? formatMoney(micro) : `$${(micro / 1_000_000).toFixed(decimals)}`)
}
